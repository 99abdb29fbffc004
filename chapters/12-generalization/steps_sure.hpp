// Step 8: how sure we are.
// Book: book/12-generalization.md
#pragma once

#include <string>
#include <vector>

#include "12-generalization/choosing.hpp"
#include "12-generalization/statistics.hpp"
#include "12-generalization/steps_remedies.hpp"

namespace cnn {

// ---- By hand -----------------------------------------------------------

// Prints how much a share of 98 % leaves open, for some numbers of digits.
inline void digits_leave_open() {
  Rows table = {{"right", "of", "standard error", "95 % interval"}};
  for (const int digits : {100, 1000, 2000, 10000}) {
    const int right = digits * 98 / 100;
    const Interval open = wilson_interval(right, digits);
    table.push_back({percent(0.98, 0), std::to_string(digits),
                     percent(share_error(0.98, digits)),
                     percent(open.low) + " to " + percent(open.high)});
  }
  print_table(table);
}

// Five runs whose interval can be computed with pencil and paper.
inline void runs_leave_open() {
  const std::vector<double> runs = {97.9, 98.1, 98.0, 98.3, 97.7};
  const SeedMean it = seed_mean(runs);
  say(format(
      "Suppose that five seeds reach 97.9, 98.1, 98.0, 98.3 and 97.7 %%. "
      "Their mean is %.1f, the standard error %.2f, and with t = %.3f for "
      "four degrees of freedom the 95 %% interval %.1f +- %.2f.",
      it.mean, it.error, student_t(0.95, 4), it.mean, half_width(runs)));
}

inline void no_mistake_at_all() {
  Rows table = {
      {"digits without a mistake", "mistakes, at most", "3 / digits"}};
  for (const int digits : {10, 100, 1000, 10000})
    table.push_back({std::to_string(digits), percent(most_mistakes(digits)),
                     percent(3.0 / digits)});
  print_table(table);
}

// ---- Two networks ------------------------------------------------------

inline void compare_networks(GeneralizationTour& tour) {
  const ThreeSets sets = three_sets(tour.digits, 1000);
  const Experiment experiment = remedy_experiment(tour, 15);
  const std::vector<Remedy> remedies = {
      {.name = "nothing"},
      {.name = "weight decay 0.005", .decay = 0.005},
      {.name = "label smoothing 0.1", .smoothing = 0.1},
      {.name = "shift", .change = shifted_only}};
  RemedyWatch watch(tour, "comparing", static_cast<int>(remedies.size()));
  std::vector<std::vector<bool>> right;
  Rows table = {{"against nothing", "right", "only nothing", "only it",
                 "p (McNemar)"}};
  for (const Remedy& remedy : remedies) {
    const NamedResults row =
        compute_seeds(remedy, experiment, sets, 1, watch);
    if (tour.program.interrupted()) return;
    right.push_back(right_answers(row.ends[0].logits, sets.test.labels));
    if (right.size() == 1) continue;
    const Disagreement it = disagreement(right.front(), right.back());
    const double p = mcnemar(it);
    table.push_back({remedy.name, percent(row.ends[0].accuracy),
                     std::to_string(it.only_first),
                     std::to_string(it.only_second),
                     p < 0.0001 ? "below 0.0001" : format("%.4f", p)});
  }
  print_table(table);
}

// ---- The best of many --------------------------------------------------

inline void simulate_luck(GeneralizationTour& tour) {
  const int digits = 2000;
  const double share = 0.98;
  const int trials = tour.program.quick() ? 5 : tour.full() ? 1000 : 100;
  say(
      format("Settings that all read %s, each measured on its own %d "
             "digits. We keep the one that seems best, and repeat this %d "
             "times. Luck is how much better it seems than it is, in "
             "percentage points, simulated and by the formula.",
             percent(share, 0).c_str(), digits, trials));
  print("\n");
  Rows table = {{"settings", "luck, simulated", "luck, formula"}};
  for (const int settings : {1, 2, 5, 10, 100}) {
    const SeedMean it =
        compute_luck(settings, share, digits, trials, tour.program.seed());
    table.push_back({std::to_string(settings),
                     format("%.2f +- %.2f", 100 * it.mean, 100 * it.error),
                     format("%.2f", 100 * luck_of_best(settings) *
                                        share_error(share, digits))});
    if (tour.program.interrupted()) return;
  }
  print_table(table);
}

// Trains chapter 06's own network from several seeds, chooses the best by a
// random half of the held-out digits, 200 times over, and says how far it
// is above the mean on that half and on the other.
inline void own_luck(GeneralizationTour& tour) {
  Experiment experiment = tour.experiment;
  experiment.settings.epochs = tour.program.quick() ? 1 : 6;
  const int networks = tour.program.quick() ? 3 : 20;
  RemedyWatch watch(tour, "the same network", networks);
  std::vector<std::vector<bool>> right;
  std::vector<double> shares;
  for (int i = 0; i < networks; ++i, ++experiment.settings.seed) {
    watch.begin(format("seed %d", i + 1));
    const auto network = network_for({}, experiment);
    train_with(*network, {}, tour.digits.train, experiment, watch.go_on());
    watch.end();
    if (tour.program.interrupted()) return;
    const Tensor<> logits = evaluate(*network, tour.digits.held_out);
    right.push_back(right_answers(logits, tour.digits.held_out.labels));
    shares.push_back(accuracy(logits, tour.digits.held_out.labels));
  }
  const Chosen it = compute_chosen(right, 200, tour.program.seed());
  const SeedMean all = seed_mean(shares);
  print("\n");
  say(format(
      "Chapter 06's network from %d seeds reads %.2f +- %.2f %% of the "
      "held-out digits, the best of them %.2f %%. Cut those digits into "
      "halves 200 times, and each time choose the network that is best on "
      "one half. Measured from the mean of all, it stands at %+.2f points "
      "there, and at %+.2f on the other half.",
      networks, 100 * all.mean, 100 * all.error,
      100 * *std::max_element(shares.begin(), shares.end()),
      100 * it.promised, 100 * it.kept));
}

// ---- The section -------------------------------------------------------

inline void how_sure(GeneralizationTour& tour) {
  step("How sure are we?");
  if (!tour.full()) {
    say("A network reads this share of the digits that it is shown. What "
        "share of all digits might it read?");
    print("\n");
    digits_leave_open();
    print("\n");
    runs_leave_open();
    print("\n");
    say("And if it makes no mistake at all, what share of all digits might "
        "it still misread, with 95 % confidence?");
    print("\n");
    no_mistake_at_all();
    print("\n");
    say("Digits that both networks read, or neither, cannot say which is "
        "better. Only those count that one reads and the other misreads: "
        "'only nothing' counts those that only the network without a "
        "remedy reads, 'only it' those that only the one with it reads. p "
        "(12.11) is how often that many coins would fall at least as "
        "unequally. " +
        seeds_sentence(tour, 1) + ".");
    print("\n");
    compare_networks(tour);
    if (tour.program.interrupted()) return;
    print("\n");
  }
  simulate_luck(tour);
  if (tour.full() && !tour.program.interrupted()) own_luck(tour);
}

}  // namespace cnn
