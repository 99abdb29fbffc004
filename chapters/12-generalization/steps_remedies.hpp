// Steps 5 and 6: what can be done against learning by heart.
// Book: book/12-generalization.md
#pragma once

#include <string>
#include <vector>

#include "12-generalization/dropped_cells.hpp"
#include "12-generalization/figures_remedies.hpp"
#include "12-generalization/remedies.hpp"
#include "12-generalization/steps_tour.hpp"

namespace cnn {

// ---- Runs of several seeds ---------------------------------------------

// The results of runs that differ only in their seed, under one name.
struct NamedResults {
  std::string name;
  std::vector<RemedyResult> ends;

  // One field of every run.
  template <class Number>
  std::vector<double> numbers(Number RemedyResult::*number) const {
    std::vector<double> all;
    for (const RemedyResult& end : ends) all.push_back(end.*number);
    return all;
  }
};

inline Experiment remedy_experiment(const GeneralizationTour& tour,
                                    int epochs) {
  Experiment experiment = tour.experiment;
  experiment.settings.epochs = tour.program.quick() ? 2 : epochs;
  return experiment;
}

// Shows how many runs are finished, and tells each run whether to go on.
class RemedyWatch {
 public:
  RemedyWatch(GeneralizationTour& tour, const std::string& label, int runs)
      : tour_(tour), runs_(runs), progress_(label, runs, "runs") {}

  void begin(const std::string& name) { progress_.update(begun_++, name); }
  void end() {
    if (begun_ == runs_ && !interrupted()) progress_.update(runs_);
  }
  bool interrupted() const { return tour_.program.interrupted(); }
  AfterStep go_on() const { return tour_.go_on(); }

 private:
  GeneralizationTour& tour_;
  int runs_, begun_ = 0;
  Progress progress_;
};

// Trains with one remedy from several seeds, beginning with the
// experiment's; fewer if the program was interrupted.
inline NamedResults compute_seeds(const Remedy& remedy,
                                  Experiment experiment,
                                  const ThreeSets& sets, int seeds,
                                  RemedyWatch& watch) {
  NamedResults row{remedy.name, {}};
  for (int i = 0; i < seeds && !watch.interrupted(); ++i) {
    watch.begin(remedy.name);
    row.ends.push_back(
        compute_remedy(remedy, experiment, sets, watch.go_on()));
    watch.end();
    ++experiment.settings.seed;
  }
  return row;
}

// The three rows of the runs without a remedy: at the end, and stopped
// early by the loss or by the accuracy.
inline std::vector<NamedResults> compute_stopped_seeds(
    Experiment experiment, const ThreeSets& sets, int seeds,
    RemedyWatch& watch) {
  std::vector<NamedResults> rows = {{"nothing", {}},
                                    {"stopped by loss", {}},
                                    {"stopped by accuracy", {}}};
  for (int i = 0; i < seeds && !watch.interrupted(); ++i) {
    watch.begin("early stopping");
    const StoppedRuns runs =
        compute_stopped(experiment, sets, watch.go_on());
    watch.end();
    rows[0].ends.push_back(runs.end);
    rows[1].ends.push_back(runs.by_loss);
    rows[2].ends.push_back(runs.by_accuracy);
    ++experiment.settings.seed;
  }
  return rows;
}

// ---- What is printed ---------------------------------------------------

// "0.234", or with its standard error "0.234 +- 0.012".
inline std::string loss_text(const std::vector<double>& losses) {
  const SeedMean it = seed_mean(losses);
  return losses.size() == 1 ? format("%.3f", it.mean)
                            : format("%.3f +- %.3f", it.mean, it.error);
}

inline std::string share_mean_text(const std::vector<double>& shares) {
  return mean_text(seed_mean(shares), static_cast<int>(shares.size()));
}

inline void print_ends(const std::string& head,
                       const std::vector<NamedResults>& rows) {
  Rows table = {{head, "test (%)", "their loss", "training (%)"}};
  for (const NamedResults& row : rows)
    table.push_back(
        {row.name, share_mean_text(row.numbers(&RemedyResult::accuracy)),
         loss_text(row.numbers(&RemedyResult::loss)),
         share_mean_text(row.numbers(&RemedyResult::on_training))});
  print_table(table);
}

inline std::string ends_figure(const std::string& title,
                               const std::vector<NamedResults>& rows) {
  DotPanel accuracies{"test digits read right (%)", {}},
      losses{"their loss", {}};
  for (const NamedResults& row : rows) {
    std::vector<double> shares = row.numbers(&RemedyResult::accuracy);
    for (double& share : shares) share *= 100;
    accuracies.rows.push_back({row.name, shares});
    losses.rows.push_back({row.name, row.numbers(&RemedyResult::loss)});
  }
  return dot_figure(title, {accuracies, losses});
}

// ---- The section -------------------------------------------------------

inline void say_sets(const GeneralizationTour& tour, const ThreeSets& sets,
                     const Experiment& experiment, int seeds) {
  say(format("Three sets that share no digit: %d digits to learn from, %d "
             "to choose by, %d to judge by. 'Test' and 'their loss' are "
             "about those to judge by, 'training' about those to learn "
             "from. Epochs: %d, at chapter 06's rate and schedule. ",
             sets.training.size(), sets.validation.size(), sets.test.size(),
             experiment.settings.epochs) +
      seeds_sentence(tour, seeds) + ".");
}

inline void all_remedies(GeneralizationTour& tour) {
  step("Remedies");
  const ThreeSets sets = three_sets(tour.digits, 1000);
  const Experiment experiment = remedy_experiment(tour, 15);
  const int seeds = tour.seeds(5);
  if (!tour.full())
    tour.program.figure("dropout.svg",
                        DropoutDrawing(drop_four_cells()).svg(),
                        "four cells with dropout 0.5 in two steps, and "
                        "without it when the network answers");
  say_sets(tour, sets, experiment, seeds);
  const std::vector<Remedy> remedies = table_remedies(tour.full());
  RemedyWatch watch(tour, "remedies",
                    seeds * (static_cast<int>(remedies.size()) + 1));
  std::vector<NamedResults> rows =
      compute_stopped_seeds(experiment, sets, seeds, watch);
  for (const Remedy& remedy : remedies)
    rows.push_back(compute_seeds(remedy, experiment, sets, seeds, watch));
  if (tour.program.interrupted()) return;
  print("\n");
  print_ends("remedy", rows);
  print("\n");
  const auto epoch_of = [&](const NamedResults& row) {
    const auto numbers = row.numbers(&RemedyResult::epoch);
    double sum = 0;
    for (const double epoch : numbers) sum += epoch;
    return sum / static_cast<double>(numbers.size());
  };
  const int decimals = seeds > 1 ? 1 : 0;
  say(
      format("On the digits to choose by, the loss was lowest after epoch "
             "%.*f, and the accuracy highest after epoch %.*f%s.",
             decimals, epoch_of(rows[1]), decimals, epoch_of(rows[2]),
             seeds > 1 ? ", on average" : ""));
  print("\n");
  const SeedMean nothing =
      seed_mean(rows.front().numbers(&RemedyResult::accuracy));
  const SeedMean bent =
      seed_mean(rows.back().numbers(&RemedyResult::accuracy));
  tour.program.report("without_remedy", format("%.4f", nothing.mean));
  tour.program.report("with_augmentation", format("%.4f", bent.mean));
  tour.program.figure(
      tour.full() ? "full-remedies.svg" : "remedies.svg",
      ends_figure("What each remedy is worth", rows),
      tour.full()
          ? "which rows lie apart, and which are one cloud?"
          : "one seed: which differences would another one change?");
}

// ---- A longer run ------------------------------------------------------

inline void longer_runs(GeneralizationTour& tour) {
  step("Longer runs");
  const ThreeSets sets = three_sets(tour.digits, 1000);
  const Experiment experiment = remedy_experiment(tour, 60);
  const int seeds = tour.seeds(5);
  say_sets(tour, sets, experiment, seeds);
  const std::vector<Remedy> remedies = {
      {.name = "nothing"},
      {.name = "dropout 0.5", .dropout = 0.5},
      {.name = "shift", .change = shifted_only},
      {.name = "shift and dropout", .dropout = 0.5, .change = shifted_only},
      {.name = "shift, turn, scale, bend", .change = turned_and_bent},
      {.name = "all four kinds",
       .decay = 0.0005,
       .smoothing = 0.1,
       .dropout = 0.5,
       .change = turned_and_bent}};
  RemedyWatch watch(tour, "longer runs",
                    seeds * static_cast<int>(remedies.size()));
  std::vector<NamedResults> rows;
  for (const Remedy& remedy : remedies)
    rows.push_back(compute_seeds(remedy, experiment, sets, seeds, watch));
  if (tour.program.interrupted()) return;
  print("\n");
  print_ends("remedy", rows);
}

// ---- What must not matter ----------------------------------------------

inline void mirrored_digits(GeneralizationTour& tour) {
  step("A change too many");
  const ThreeSets sets = three_sets(tour.digits, 1000);
  const Experiment experiment = remedy_experiment(tour, 15);
  const int seeds = tour.seeds(5);
  say("A cat in a mirror is still a cat. What if half of the digits that "
      "the network learns from are mirrored, a different half at every "
      "step? The last column is about the test digits in a mirror. " +
      seeds_sentence(tour, seeds) + ".");
  RemedyWatch watch(tour, "mirrors", 2 * seeds);
  Rows table = {{"learned from", "test (%)", "mirrored (%)"}};
  for (const bool half : {false, true}) {
    const std::string name = half ? "half of them mirrored" : "digits";
    std::vector<double> as_they_are, in_mirror;
    Experiment one = experiment;
    for (int i = 0; i < seeds; ++i, ++one.settings.seed) {
      watch.begin(name);
      const MirrorResult end =
          compute_mirrored(half, one, sets, watch.go_on());
      watch.end();
      if (tour.program.interrupted()) return;
      as_they_are.push_back(end.as_they_are);
      in_mirror.push_back(end.mirrored);
    }
    table.push_back(
        {name, share_mean_text(as_they_are), share_mean_text(in_mirror)});
  }
  print("\n");
  print_table(table);
}

}  // namespace cnn
