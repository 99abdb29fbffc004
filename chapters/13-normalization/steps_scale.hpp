// Step 7: weights whose size does not matter.
// Book: book/13-normalization.md
#pragma once

#include <string>
#include <vector>

#include "13-normalization/steps_tour.hpp"
#include "13-normalization/weight_scale.hpp"

namespace cnn {

inline void print_scaled_weights(NormTour& tour) {
  say("The first convolution's weights are multiplied by a number. The "
      "table shows the loss of 64 digits, the length of these weights' "
      "gradient, and the cosine, without its sign, of the weights and that "
      "gradient:");
  print("\n");
  const Dataset batch = first(tour.digits.train, 64);
  NormRun<> run = tour.run(before_each_relu(digit_network, BatchNorm{}));
  Rows rows = {{"weights x", "loss", "gradient", "cosine"}};
  for (const ScaledWeights& it :
       compute_scaled_weights(run, batch, {0.01, 0.1, 1, 10, 100}))
    rows.push_back({tick_text(it.factor), format("%.6f", it.loss),
                    format("%.3e", it.gradient_size),
                    format("%.0e", std::abs(it.cosine))});
  print_table(rows);
}

// Factors for the initial weights of all layers but the last.
inline const std::vector<double> growth_scales = {0.3, 1, 3};

inline std::vector<WeightGrowth> compute_growths(NormTour& tour) {
  NormRun<> run = tour.run(before_each_relu(digit_network, BatchNorm{}));
  run.momentum = 0;
  run.settings.batch = 32;
  run.settings.learning_rate = 0.3;
  run.settings.schedule = constant_schedule;
  if (!tour.program.quick()) run.settings.epochs = 2;
  std::vector<WeightGrowth> all;
  for (const double scale : growth_scales) {
    run.start = {"", he_initializer(static_cast<float>(scale))};
    run.last_scale = 0.1f / static_cast<float>(scale);
    constexpr std::size_t second_convolution = 6;
    all.push_back(compute_weight_growth(run, tour.digits.train,
                                        second_convolution, tour.go_on()));
    if (tour.program.interrupted()) break;
  }
  return all;
}

inline void size_without_meaning(NormTour& tour) {
  step("A size without a meaning");
  print_scaled_weights(tour);
  const std::vector<WeightGrowth> all = compute_growths(tour);
  if (tour.program.interrupted()) return;
  print("\n");
  say(
      format("Plain steps at the constant rate 0.3, %d of them. The "
             "squared length of the second convolution's weights, what it "
             "should be by Pythagoras, and the effective rate, which is "
             "the rate divided by the squared length:",
             static_cast<int>(all[0].rates.size())));
  print("\n");
  Rows rows = {{"start x", "square before", "after", "by (13.10)",
                "rate before", "after"}};
  for (std::size_t i = 0; i < all.size(); ++i)
    rows.push_back({tick_text(growth_scales[i]),
                    format("%.2f", all[i].squares.front()),
                    format("%.2f", all[i].squares.back()),
                    format("%.2f", all[i].pythagoras.back()),
                    format("%.4f", all[i].rates.front()),
                    format("%.4f", all[i].rates.back())});
  print_table(rows);
  tour.program.figure(
      "effective-rate.svg", effective_rate_figure(growth_scales, all),
      "the rate stays the same: whose effective rate falls?");
}

}  // namespace cnn
