// What all steps share: the digits, and the settings of a run.
// Book: book/12-generalization.md
#pragma once

#include <string>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "10-initialization/seeds.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

struct GeneralizationTour {
  Program& program;
  Split digits;      // all that there are; few for --quick
  Dataset some;      // the first 1,000 of the training digits
  int followed = 0;  // the number of a held-out 3
  // Chapter 06's network and settings, with the program's seed.
  Experiment experiment;

  bool full() const { return program.flag("full"); }
  // How many seeds a table rests on: 1 in a tour, `in_full` in the study.
  int seeds(int in_full) const {
    return !full() ? 1 : program.quick() ? 2 : in_full;
  }
  AfterStep go_on() const {
    return [&program = program](const TrainingStep&) {
      return !program.interrupted();
    };
  }
};

inline GeneralizationTour make_generalization_tour(Program& program) {
  GeneralizationTour tour{program, load_digits(program.data()), {}, 0, {}};
  tour.experiment.settings.seed = program.seed();
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 200);
    tour.digits.held_out = first(tour.digits.held_out, 60);
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  tour.followed = first_index_of(tour.digits.held_out.labels, 3).value();
  tour.some = first(tour.digits.train, 1000);
  return tour;
}

inline std::string seeds_sentence(const GeneralizationTour& tour,
                                  int seeds) {
  return seeds_sentence(tour.program.seed(), seeds);
}

}  // namespace cnn
