// What all steps share: the digits, and the settings of a run.
// Book: book/12-generalization.md
#pragma once

#include <string>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "11-optimizers/steps_study_tour.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

struct GeneralizationTour : StudyTour {
  Dataset some;      // the first 1,000 of the training digits
  int followed = 0;  // the index of the first held-out 3
  // Chapter 06's network and settings, with the program's seed.
  Experiment experiment;
};

inline GeneralizationTour make_generalization_tour(Program& program) {
  GeneralizationTour tour{
      {{program}, load_digits(program.data())}, {}, 0, {}};
  tour.experiment.settings.seed = program.seed();
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 200);
    tour.digits.held_out = first(tour.digits.held_out, 60);
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  explain_errors(tour);
  tour.followed = first_index_of(tour.digits.held_out.labels, 3).value();
  tour.some = first(tour.digits.train, 1000);
  return tour;
}

}  // namespace cnn
