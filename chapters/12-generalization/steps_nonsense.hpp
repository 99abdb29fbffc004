// Step 1: nonsense, learned by heart.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "08-seeing/sureness.hpp"
#include "12-generalization/changed_digit.hpp"
#include "12-generalization/figures.hpp"
#include "12-generalization/remedies.hpp"
#include "12-generalization/steps_tour.hpp"

namespace cnn {

// One run: its scores after each epoch, and its answers after the last.
struct HeartRun {
  std::vector<EpochScore> epochs;
  double sureness = 0;           // mean of all answers to held-out digits
  Opinion followed;              // of the followed digit
  std::vector<Opinion> changed;  // of each picture of changed_story()
};

inline Experiment heart_experiment(const GeneralizationTour& tour) {
  Experiment experiment = tour.experiment;
  experiment.settings.schedule = constant_schedule;
  experiment.settings.learning_rate = 0.02;
  experiment.settings.epochs = tour.program.quick() ? 12 : 300;
  return experiment;
}

// The followed digit as it is and in seven other ways.
inline Tensor<> changed_story(const GeneralizationTour& tour) {
  return compute_changed_digits(tour.digits.held_out, tour.followed,
                                turned_and_bent, 7, tour.program.seed());
}

// Trains until the labels of `learn` are known by heart, and for at least
// `least` epochs.
inline HeartRun run_by_heart(GeneralizationTour& tour, const Dataset& learn,
                             const Experiment& experiment, int least,
                             const AfterEpoch& after_epoch = {}) {
  HeartRun run;
  const Tensor<> changed = changed_story(tour);
  run.epochs = compute_learning_by_heart(
      learn, tour.digits.held_out, experiment, least, tour.go_on(),
      [&](int epoch, FastNetwork& network, const Tensor<>& logits) {
        const std::vector<Opinion> said = opinions(logits);
        run.sureness = mean_sureness(said);
        run.followed = said.at(static_cast<std::size_t>(tour.followed));
        run.changed = opinions(logits_of(network, changed));
        if (after_epoch) after_epoch(epoch, network, logits);
      });
  return run;
}

inline std::string heart_row_number(const std::vector<HeartRun>& runs,
                                    double (*number)(const HeartRun&),
                                    int decimals) {
  std::vector<double> numbers;
  for (const HeartRun& run : runs) numbers.push_back(number(run));
  return number_text(seed_mean(numbers), static_cast<int>(runs.size()),
                     decimals);
}

inline Strings heart_row(const std::string& name,
                         const std::vector<HeartRun>& runs) {
  const auto number = [&](double (*of)(const HeartRun&), int decimals) {
    return heart_row_number(runs, of, decimals);
  };
  using Run = const HeartRun&;
  const int one = runs.size() == 1 ? 0 : 1;
  return {
      name,
      number(
          [](Run it) {
            return 1.0 * by_heart_after(it.epochs).value_or(
                             it.epochs.back().epoch);
          },
          one),
      number([](Run it) { return 100 * it.epochs.back().learned.right; },
             0),
      number([](Run it) { return 100 * it.epochs.back().held_out.right; },
             2 - one),
      number([](Run it) { return it.epochs.back().held_out.loss; }, 2),
      number([](Run it) { return 100 * it.sureness; }, 1)};
}

inline void draw_nonsense(GeneralizationTour& tour,
                          const BelievedLabels& believed,
                          const std::vector<NamedEpochs>& runs) {
  std::vector<Picture> frames;
  const std::size_t last = believed.epochs.size() - 1;
  const std::size_t by = std::max<std::size_t>(1, last / 20);
  for (std::size_t epoch = 0; epoch < last; epoch += by)
    frames.push_back(belief_frame(believed, epoch));
  frames.push_back(belief_frame(believed, last));
  tour.program.film("belief-film.png", frames, 400,
                    "every square fills, and every label is wrong");
  tour.program.figure(
      "belief-strip.png",
      belief_strip(believed, {0, last / 6, last / 3, last / 2, last}),
      "the first ten digits of the film");
  tour.program.figure(
      "by-heart.svg", heart_figure(runs, false),
      "two lines reach 100 %: which network reads new digits, too?");
  tour.program.figure("by-heart-loss.svg", heart_figure(runs, true),
                      "a guess among ten costs ln 10");
}

inline std::string opinion_text(const Opinion& it) {
  return std::to_string(it.said) + ", with " +
         format("%.1f %%", 100 * static_cast<double>(it.probability));
}

// How many different answers there are.
inline int answers_among(const std::vector<Opinion>& all) {
  std::set<int> said;
  for (const Opinion& it : all) said.insert(it.said);
  return static_cast<int>(said.size());
}

inline void one_digit_in_eight_ways(GeneralizationTour& tour,
                                    const HeartRun& truth,
                                    const HeartRun& random) {
  print("\n");
  say("One digit's story: the same 3 as it was written, and then moved, "
      "turned, scaled and bent at random, as augmentation does it. The "
      "table shows what each network says it is, and with what "
      "probability, in percent; the last row counts the different "
      "answers:");
  print("\n");
  Rows rows = {
      {"the 3", "true labels", "sure (%)", "random labels", "sure (%)"}};
  const auto percents = [](const Opinion& it) {
    return format("%.1f", 100 * static_cast<double>(it.probability));
  };
  for (std::size_t n = 0; n < truth.changed.size(); ++n)
    rows.push_back(
        {n == 0 ? "as written" : format("changed %d", static_cast<int>(n)),
         std::to_string(truth.changed[n].said), percents(truth.changed[n]),
         std::to_string(random.changed[n].said),
         percents(random.changed[n])});
  rows.push_back({"different", std::to_string(answers_among(truth.changed)),
                  "", std::to_string(answers_among(random.changed)), ""});
  print_table(rows);
  tour.program.figure(
      "story.png",
      changed_figure(changed_story(tour),
                     {{"true\nlabels", truth.changed},
                      {"random\nlabels", random.changed}}),
      "one digit in eight ways: which network sees one digit?");
}

inline void nonsense_labels(GeneralizationTour& tour) {
  step("Random labels, learned to the last one");
  const int seeds = tour.seeds(5);
  Experiment experiment = heart_experiment(tour);
  say(format(
          "Chapter 06's network learns %d digits with random labels at a "
          "learning rate of %.2f until it answers all of them as it was "
          "taught. Then a fresh one learns the same digits with their true "
          "labels, for as many epochs. Both are judged by the true labels "
          "of %d held-out digits. ",
          tour.some.size(), experiment.settings.learning_rate,
          tour.digits.held_out.size()) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  std::vector<HeartRun> with_truth, with_nonsense;
  BelievedLabels believed;
  Progress progress("by heart", 2 * seeds, "runs");
  for (int i = 0; i < seeds; ++i, ++experiment.settings.seed) {
    const Dataset nonsense =
        with_random_labels(tour.some, experiment.settings.seed);
    BelievedLabels now = mislabelled_digits(tour.some, nonsense, 100);
    with_nonsense.push_back(
        run_by_heart(tour, nonsense, experiment, 0,
                     [&](int epoch, FastNetwork& network, const Tensor<>&) {
                       ask(now, epoch, network);
                     }));
    progress.update(2 * i + 1);
    if (tour.program.interrupted()) return;
    with_truth.push_back(
        run_by_heart(tour, tour.some, experiment,
                     with_nonsense.back().epochs.back().epoch));
    progress.update(2 * i + 2);
    if (tour.program.interrupted()) return;
    if (i == 0) believed = std::move(now);
  }
  print_table({{"labels", "known after", "taught (%)", "unseen (%)",
                "their loss", "sure (%)"},
               heart_row("true", with_truth),
               heart_row("random", with_nonsense)});
  print("\n");
  say("\"Known after\" counts epochs, \"unseen\" are the held-out digits, "
      "and \"sure\" is the mean probability of the answers to them, right "
      "or wrong. Ten equal probabilities have a loss of ln 10 = 2.303.");
  if (tour.full()) return;
  print("\n");
  const HeartRun &truth = with_truth[0], &random = with_nonsense[0];
  say("Asked about a held-out 3, the network with true labels says " +
      opinion_text(truth.followed) + "; the one with nonsense says " +
      opinion_text(random.followed) + ".");
  const std::size_t last = believed.epochs.size() - 1;
  say(
      format("The %d digits in the film all have wrong labels, and the "
             "least believed of these has a probability of %.1f %%.",
             static_cast<int>(believed.taught.size()),
             100 * static_cast<double>(believed.least(last))));
  tour.program.report("nonsense_epochs",
                      std::to_string(random.epochs.back().epoch));
  tour.program.report("nonsense_held_out_loss",
                      format("%.2f", random.epochs.back().held_out.loss));
  draw_nonsense(tour, believed,
                {{"true", truth.epochs}, {"random", random.epochs}});
  one_digit_in_eight_ways(tour, truth, random);
}

}  // namespace cnn
