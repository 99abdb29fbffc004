// A tour whose steps are also the long study of --full, from several seeds.
// Book: book/11-optimizers.md
#pragma once

#include <string>

#include "05-softmax/seeds.hpp"
#include "06-training/training.hpp"
#include "common/data/dataset.hpp"
#include "common/shell/program.hpp"

namespace cnn {

struct StudyTour {
  Program& program;
  Split digits;  // few for --quick

  bool full() const { return program.flag("full"); }
  // How many seeds a table rests on: 1 in the tour, `in_full` in the study.
  int seeds(int in_full) const {
    return !full() ? 1 : program.quick() ? 2 : in_full;
  }
  AfterStep go_on() const {
    return [&program = program](const TrainingStep&) {
      return !program.interrupted();
    };
  }
};

inline std::string seeds_sentence(const StudyTour& tour, int seeds) {
  return seeds_sentence(tour.program.seed(), seeds);
}

}  // namespace cnn
