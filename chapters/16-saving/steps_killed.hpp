// Step 7: a run that is killed and goes on.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "16-saving/figures.hpp"
#include "16-saving/killed_run.hpp"
#include "16-saving/steps_shared.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// A run for each of `seeds` seeds, of which the tour's is the first.
inline std::vector<KilledRun> compute_killed_runs(
    SavingTour& tour, const KilledRunSettings& settings, int seeds) {
  const int steps = training_steps(tour.digits.train.size(),
                                   settings.experiment.settings);
  const int rest = steps - steps / settings.experiment.settings.epochs *
                               settings.killed_after;
  const int each = 5 * steps + 4 * rest;  // five whole runs, four rests
  Progress progress("runs that are killed", seeds * each, "steps");
  std::vector<KilledRun> runs;
  int done = 0;
  for (int seed = 0; seed < seeds && !tour.program.interrupted(); ++seed) {
    KilledRunSettings seeded = settings;
    seeded.experiment.settings.seed =
        tour.program.seed() + static_cast<std::uint64_t>(seed);
    runs.push_back(
        compute_killed_run(seeded, tour.digits, [&](const TrainingStep&) {
          progress.update(++done);
          return !tour.program.interrupted();
        }));
  }
  return runs;
}

// One ending as a row: the numbers changed in the first run, the means of
// loss and accuracy over all runs, and in how many of these the loss is
// higher than without a kill.
inline Strings ending_row(const std::vector<KilledRun>& runs,
                          std::size_t which) {
  double share = 0;
  for (const KilledRun& run : runs)
    share += run.endings[which].held_out_accuracy /
             static_cast<double>(runs.size());
  const Ending& first = runs[0].endings[which];
  return {first.kept, grouped(first.numbers_changed),
          format("%.4f", seed_mean(losses_of(runs, which)).mean),
          percent(share),
          which == 0 ? "-" : std::to_string(more_loss(runs, which).behind)};
}

// Settings of chapter 06's run. Leaves the tour only few digits to learn
// from, for this step and all that follow.
inline KilledRunSettings killed_settings(SavingTour& tour) {
  KilledRunSettings settings;
  if (tour.program.quick()) settings.experiment.settings.epochs = 3;
  tour.digits.train =
      first(tour.digits.train, std::min(2000, tour.digits.train.size()));
  return settings;
}

inline void say_how_killed(const SavingTour& tour,
                           const KilledRunSettings& settings) {
  say("Chapter 06's run, on " + grouped(tour.digits.train.size()) +
      " digits for " +
      counted_text(settings.experiment.settings.epochs, "epoch") +
      ". It is killed after epoch " +
      std::to_string(settings.killed_after) +
      " and goes on with what was kept: everything, or less. Where the row "
      "says so, it is killed after each epoch and goes on with what was "
      "kept each time. The last row is a control: no kill, but a learning "
      "rate that never falls.");
  print("\n");
}

// ---- 7. Killed, and gone on --------------------------------------------

inline void killed_and_gone_on(SavingTour& tour) {
  step("A run that is killed");
  const KilledRunSettings settings = killed_settings(tour);
  const int seeds = tour.program.quick() ? 1 : 5;
  say_how_killed(tour, settings);
  say("'Numbers' counts the network's numbers that end differently from "
      "those in the first row (first seed). Loss and accuracy are means "
      "of " +
      counted_text(seeds, "seed") +
      " on the held-out digits, and 'worse' counts the seeds whose loss is "
      "higher than in the first row.");
  print("\n");
  const std::vector<KilledRun> runs =
      compute_killed_runs(tour, settings, seeds);
  if (tour.program.interrupted()) return;
  Rows rows = {
      {"goes on with", "numbers", "held-out loss", "accuracy", "worse"}};
  for (std::size_t i = 0; i < runs[0].endings.size(); ++i)
    rows.push_back(ending_row(runs, i));
  print_table(rows);
  print("\n");
  tour.program.figure(
      "learning-rates.svg", rates_figure(runs[0]),
      "how often does each rate rise, and where does it end?");
  tour.program.figure(
      "killed-losses.svg", killed_losses_figure(runs[0]),
      "which of the three ends with the highest training loss?");
  tour.program.report("numbers_changed_by_kill",
                      std::to_string(runs[0].endings[1].numbers_changed));
}

// ---- --full: the same from many seeds ----------------------------------

inline void killed_from_many_seeds(SavingTour& tour) {
  step("A run that is killed, from many seeds");
  const KilledRunSettings settings = killed_settings(tour);
  const int seeds = tour.program.quick() ? 2 : 20;
  say_how_killed(tour, settings);
  say("Loss: on the held-out digits, the mean of " + std::to_string(seeds) +
      " seeds. More: by how much it is higher than in the first row for "
      "the same seed, the mean with its standard error. Worse: for how "
      "many seeds it is higher.");
  print("\n");
  const std::vector<KilledRun> runs =
      compute_killed_runs(tour, settings, seeds);
  if (tour.program.interrupted()) return;
  Rows rows = {{"goes on with", "loss", "more", "worse"}};
  for (std::size_t i = 0; i < runs[0].endings.size(); ++i) {
    const PairedMean more = more_loss(runs, i);
    rows.push_back({runs[0].endings[i].kept,
                    format("%.4f", seed_mean(losses_of(runs, i)).mean),
                    i == 0 ? "-" : signed_text(more.of, seeds, 4),
                    i == 0 ? "-" : std::to_string(more.behind)});
  }
  print_table(rows);
}

}  // namespace cnn
