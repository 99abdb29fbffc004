// --full: what it costs to learn from shifted digits.
// Book: book/17-handwriting.md
#pragma once

#include <string>

#include "17-handwriting/shift_training.hpp"
#include "17-handwriting/steps_digits.hpp"

namespace cnn {

// Prints the scores of both ways to learn, and how far the shifted one is
// ahead, seed by seed, in percentage points.
inline void print_shift_training(const ShiftTraining& study) {
  Rows rows = {{"learned from", "read", "sure when right", "moved by 3"},
               {"digits as they are"},
               {"shifted digits"},
               {"difference"}};
  for (double ShiftScore::*number :
       {&ShiftScore::right, &ShiftScore::sure_when_right,
        &ShiftScore::moved}) {
    const auto as_they_are = numbers_in(study.unmoved, number),
               shifts = numbers_in(study.shifted, number);
    rows[1].push_back(seeds_text(as_they_are));
    rows[2].push_back(seeds_text(shifts));
    rows[3].push_back(paired_text(shifts, as_they_are));
  }
  print_table(rows);
}

inline void learning_from_shifts(HandwritingTour& tour) {
  step("What it costs to learn from shifted digits");
  const int most = 4, seeds = tour.program.quick() ? 2 : 3;
  Experiment experiment;
  experiment.settings.seed = tour.program.seed();
  if (tour.program.quick()) experiment.settings.epochs = 2;
  say(format(
      "Chapter 06's network learns for %d epochs from the digits as they "
      "are, or from digits that are shifted by up to %d whole pixels each "
      "way, anew in every step. Then it is asked about held-out digits "
      "where they stand: how many it reads, and how sure it is of its "
      "right answers; and how many it reads once they have moved three "
      "pixels right and down. All in percent. %s.",
      experiment.settings.epochs, most,
      seeds_sentence(tour.program.seed(), seeds).c_str()));
  print("\n");
  const int steps =
      training_steps(tour.digits.train.size(), experiment.settings);
  Progress progress("shifts", 2 * seeds * steps, "steps");
  int done = 0;
  const ShiftTraining study = compute_shift_training(
      tour.digits, experiment, most, seeds, [&](const TrainingStep&) {
        progress.update(++done);
        return !tour.program.interrupted();
      });
  if (!tour.program.interrupted()) print_shift_training(study);
}

}  // namespace cnn
