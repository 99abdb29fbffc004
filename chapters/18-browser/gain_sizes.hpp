// How large chapter 10's signal and its gradient are in each of fifty
// layers, at a gain that a reader chooses.
// Book: book/18-browser.md
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "10-initialization/signal.hpp"
#include "10-initialization/starts.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

inline constexpr int gain_layers = 50, gain_width = 100;

// For each layer, first to last, four numbers: the size of its output,
// measured and by (10.2), and the same two of its gradient. They are
// doubles, whose squares do not vanish. input (N, F)
// Throws std::invalid_argument unless the gain is from 0.0001 to 10,000.
inline std::vector<double> gain_sizes(double gain,
                                      const Tensor<double>& input,
                                      std::uint64_t seed) {
  if (!(gain >= 1e-4 && gain <= 1e4))
    fail(Refusal::argument,
         "gain_sizes: expected a gain from 0.0001 to 10,000, got " +
             std::to_string(gain));
  const LayerSizes sizes = measure_sizes(
      deep_weights(gain_layers, gain_width, gain_start(gain), seed),
      Activation::relu, input,
      random_gradient(input.extent(0), gain_width, seed + 1000));
  const LayerSizes law =
      sizes_by_formula(sizes.forward[0], input.extent(1), gain_width,
                       gain_layers, gain, false);
  std::vector<double> numbers;
  for (std::size_t l = 1; l <= gain_layers; ++l)
    numbers.insert(numbers.end(), {sizes.forward[l], law.forward[l],
                                   sizes.backward[l], law.backward[l]});
  return numbers;
}

}  // namespace cnn
