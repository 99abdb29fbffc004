// What all steps share: the digits, the settings of a run, SGD with and
// without momentum, and the table of the memory test.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "11-optimizers/figures.hpp"
#include "11-optimizers/muon.hpp"
#include "11-optimizers/optimizer.hpp"
#include "11-optimizers/published.hpp"
#include "11-optimizers/rate_curves.hpp"
#include "11-optimizers/steps_study_tour.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

struct OptimizerTour : StudyTour {
  Experiment experiment;  // batches of 32, two epochs (--quick: one)
};

inline OptimizerTour make_optimizer_tour(Program& program) {
  OptimizerTour tour{{{program}, load_digits(program.data())}, {}};
  tour.experiment.settings.epochs = 2;
  tour.experiment.settings.seed = program.seed();
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 200);
    tour.digits.held_out = first(tour.digits.held_out, 60);
    tour.experiment.settings.epochs = 1;
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  explain_errors(tour);
  return tour;
}

inline NamedOptimizer plain_steps() {
  return named<Sgd>("SGD", 0.0);
}
inline NamedOptimizer with_momentum() {
  return named<Sgd>("momentum", 0.9);
}

// An optimizer and the learning rate that it runs at.
struct RatedOptimizer {
  NamedOptimizer optimizer;
  double rate;
};

// Prints where each optimizer takes a number that starts at 0, with two
// equal gradients and with two opposite ones.
inline void print_memory_tests(
    const std::vector<NamedOptimizer>& optimizers) {
  Rows rows = {{"optimizer", "after 1, 1", "after 1, -1"}};
  for (const MemoryTest& it : compute_memory_tests(optimizers, 0.1))
    rows.push_back(
        {it.name, format("%.4f", it.equal), format("%.4f", it.opposite)});
  print_table(rows);
}

}  // namespace cnn
