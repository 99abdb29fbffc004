// What all steps share: the digits, the snapshots of one training run, and
// the network that it ended with.
// Book: book/08-seeing.md
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "08-seeing/recorder.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

struct SeeingTour {
  Program& program;
  Split digits;
  Experiment experiment;
  std::vector<Snapshot> snapshots;
  std::unique_ptr<FastNetwork> network;  // at the last snapshot
};

// Loads the digits and reads the options. Nothing is trained yet.
inline SeeingTour make_tour(Program& program) {
  SeeingTour tour{program, load_digits(program.data()), {}, {}, nullptr};
  tour.experiment.settings.epochs = program.integer("epochs");
  tour.experiment.settings.seed = program.seed();
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 300);
    tour.digits.held_out = first(tour.digits.held_out, 60);
    tour.experiment.settings.epochs = 1;
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  print("Data: %s.\n", tour.digits.source.c_str());
  return tour;
}

}  // namespace cnn
