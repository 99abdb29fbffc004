// What all steps share, and step 1: a single layer.
// Book: book/10-initialization.md
#pragma once

#include <string>
#include <vector>

#include "10-initialization/one_layer.hpp"
#include "10-initialization/size_runs.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// The three digits that are followed through the layers.
inline const std::vector<int> followed_digits = {3, 8, 1};

struct StartTour {
  Program& program;
  Split digits;
  Tensor<> followed;  // (3, 1, 28, 28), held out
  int depth = 50;     // of the networks of steps 2, 3 and 6
};

inline StartTour make_start_tour(Program& program) {
  StartTour tour{program, load_digits(program.data()), {}, 50};
  if (program.quick()) {
    tour.digits.train = first(tour.digits.train, 300);
    tour.digits.held_out = first(tour.digits.held_out, 60);
    tour.depth = 12;
  }
  require_classes(tour.digits.held_out, tour.digits.source);
  std::vector<int> numbers;
  for (const int digit : followed_digits)
    numbers.push_back(
        first_index_of(tour.digits.held_out.labels, digit).value());
  tour.followed = subset(tour.digits.held_out, numbers).images;
  print("Data: %s.\n", tour.digits.source.c_str());
  return tour;
}

// "3.5e-12", or with three decimals from 0.01 to 100.
inline std::string magnitude_text(double size) {
  return size >= 0.01 && size < 100 ? format("%.3f", size)
                                    : format("%.1e", size);
}

// Those of the wanted layers that lie below `depth`, and `depth` itself.
inline std::vector<int> layers_up_to(const std::vector<int>& wanted,
                                     int depth) {
  std::vector<int> layers;
  for (const int layer : wanted)
    if (layer < depth) layers.push_back(layer);
  layers.push_back(depth);
  return layers;
}

inline void one_layer(StartTour& tour) {
  step("One layer: what ReLU leaves");
  const ReluMoments it = compute_relu_moments(1000000, tour.program.seed());
  say("A million random numbers z of mean 0 and variance 1:");
  print("\n");
  const auto text = [](double number) { return format("%.3f", number); };
  print_table({{"", "mean", "mean square", "variance"},
               {"z", text(it.before.mean), text(it.before.mean_square),
                text(it.before.variance())},
               {"relu(z)", text(it.after.mean), text(it.after.mean_square),
                text(it.after.variance())}});
  print("\n");
  say("By what factor does one layer with n = 100 inputs multiply a "
      "signal's size (10.2), and by what factor do ten layers? The start "
      "0.01 is a standard deviation, the others are variances:");
  print("\n");
  Rows rows = {{"start", "variance", "one layer", "ten layers"}};
  for (const SizeRun& run : size_starts(100)) {
    if (run.activation != Activation::relu) continue;
    const double factor = size_factor(run.gain / 100, 100);
    rows.push_back({run.start.name, short_text(run.gain / 100, 3),
                    format("%.4f", factor),
                    format("%.2e", whole_power(factor, 10))});
  }
  print_table(rows);
}

}  // namespace cnn
