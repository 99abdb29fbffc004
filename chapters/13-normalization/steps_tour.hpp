// What all steps share: the digits, the settings of a run, and the networks
// that are compared.
// Book: book/13-normalization.md
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "11-optimizers/steps_curves.hpp"
#include "11-optimizers/steps_study_tour.hpp"
#include "13-normalization/figures.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

struct NormTour : StudyTour {
  Split few;  // with the first 1,000 training digits
  // One epoch in batches of 64, and a network of 20 dense layers.
  TrainingSettings settings;
  int depth = 20, width = 100;
  // What sections leave for later ones: the accuracies of the twenty layers
  // against the rate, and chapter 06's network with batch normalization
  // after one epoch.
  std::vector<RateCurve> deep_rates = {};
  std::shared_ptr<StartedNetwork> normalized = {};

  Architecture deep() const { return deep_network(depth, width); }
  template <class List>
  NormRun<List> run(const List& layers) const {
    return {layers, settings};
  }
};

inline NormTour make_norm_tour(Program& program) {
  NormTour tour{{{program}, load_digits(program.data())}, {}, {}};
  tour.settings.epochs = 1;
  tour.settings.batch = 64;
  tour.settings.learning_rate = 0.02;
  tour.settings.seed = program.seed();
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 200);
    tour.digits.held_out = first(tour.digits.held_out, 60);
    tour.settings.batch = 32;
    tour.depth = 5;
    tour.width = 20;
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  explain_errors(tour);
  tour.few = tour.digits;
  tour.few.train = first(tour.digits.train, 1000);
  return tour;
}

// A row for each number, a column for each curve.
inline void print_norm_curves(const std::string& head,
                              const std::vector<RateCurve>& curves) {
  Rows rows = {{head}};
  for (const RateCurve& it : curves) rows[0].push_back(it.name);
  for (std::size_t i = 0; i < curves[0].rates.size(); ++i) {
    rows.push_back({tick_text(curves[0].rates[i])});
    for (const RateCurve& it : curves)
      rows.back().push_back(mean_text(it.accuracies[i]));
  }
  print_table(rows);
}

// Sets the learning rate of a run, for curve_over().
template <class List>
void set_rate(NormRun<List>& run, double rate) {
  run.settings.learning_rate = rate;
}

}  // namespace cnn
