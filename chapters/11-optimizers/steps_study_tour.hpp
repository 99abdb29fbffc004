// A tour whose steps also make up the long study of --full, which repeats
// them from several seeds.
// Book: book/11-optimizers.md
#pragma once

#include <string>

#include "05-softmax/seeds.hpp"
#include "06-training/training.hpp"
#include "common/data/dataset.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

struct SeededTour {
  Program& program;

  bool full() const { return program.flag("full"); }
  // How many seeds a table rests on: 1 in the tour, `in_full` in the study.
  int seeds(int in_full) const {
    return !full() ? 1 : program.quick() ? 2 : in_full;
  }
  // A callback that ends a training run if the program is interrupted.
  AfterStep go_on() const {
    return [&program = program](const TrainingStep&) {
      return !program.interrupted();
    };
  }
};

// A tour with digits to learn from.
struct StudyTour : SeededTour {
  Split digits;  // only a few with --quick
};

inline std::string seeds_sentence(const SeededTour& tour, int seeds) {
  return seeds_sentence(tour.program.seed(), seeds);
}

// Prints what +- means in the tables of the study; nothing in the tour.
inline void explain_errors(const SeededTour& tour) {
  if (!tour.full()) return;
  print(
      "The standard error after +- says how far chance usually moves a "
      "mean.\n");
}

}  // namespace cnn
