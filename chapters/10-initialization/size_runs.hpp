// The sizes that a signal has in fifty layers, from several starts.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "10-initialization/signal.hpp"
#include "10-initialization/starts.hpp"
#include "10-initialization/wedge.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// images (N, C, H, W) -> (N, C H W) in double
// Throws std::invalid_argument if there are none.
inline Tensor<double> flat_doubles(const Tensor<>& images) {
  require_rank(images.shape(), 4, "flat_doubles", "images (N, C, H, W)");
  const int N = images.extent(0);
  if (N < 1)
    fail(Refusal::argument,
         "flat_doubles: expected one image or more, got none");
  return convert<double>(images).reshaped({N, images.size() / N});
}

// How a start draws its weights: with one standard deviation for all
// layers, from a uniform distribution, or with variance gain / fan_in.
enum class SizeRule { fixed, uniform, gain };

// gain: the start's variance times the width, in the layers after the first
struct SizeRun {
  NamedStart start;
  SizeRule rule;
  Activation activation;
  double gain = 0;
  LayerSizes measured, formula;  // no formula for tanh: all 0
};

inline bool is_he(const SizeRun& run) {
  return run.rule == SizeRule::gain && run.gain == 2 &&
         run.activation == Activation::relu;
}

// The starts to compare, with nothing measured yet.
inline std::vector<SizeRun> size_starts(int width) {
  using enum SizeRule;
  const auto relu = Activation::relu, tanh = Activation::tanh;
  return {{{"0.01", fixed_start(0.01)}, fixed, relu, 1e-4 * width, {}, {}},
          {{"1/(3n)", uniform_start()}, uniform, relu, 1.0 / 3, {}, {}},
          {{"1/n", gain_start(1)}, gain, relu, 1, {}, {}},
          {{"2/n (He)", gain_start(2)}, gain, relu, 2, {}, {}},
          {{"16/n", gain_start(16)}, gain, relu, 16, {}, {}},
          {{"tanh, 1/n", gain_start(1)}, gain, tanh, 1, {}, {}},
          {{"tanh, 2/n", gain_start(2)}, gain, tanh, 2, {}, {}},
          {{"tanh, 16/n", gain_start(16)}, gain, tanh, 16, {}, {}}};
}

// Measures the sizes from all starts. images (N, 1, 28, 28)
inline std::vector<SizeRun> compute_sizes(const Tensor<>& images, int depth,
                                          int width, std::uint64_t seed) {
  std::vector<SizeRun> runs = size_starts(width);
  const Tensor<double> input = flat_doubles(images);
  for (SizeRun& run : runs) {
    run.measured = measure_sizes(
        deep_weights(depth, width, run.start.initializer, seed),
        run.activation, input,
        random_gradient(input.extent(0), width, seed + 1000));
    if (run.activation == Activation::relu)
      run.formula =
          sizes_by_formula(run.measured.forward[0], input.extent(1), width,
                           depth, run.gain, run.rule == SizeRule::fixed);
  }
  return runs;
}

// The size that comes out if it is computed from squares in float, where
// the squares of small numbers become 0.
inline float size_in_float(double size) {
  const auto number = static_cast<float>(size);
  return std::sqrt(number * number);
}

// Sizes from several seeds. typical: the geometric mean, because sizes
// multiply.
struct SizeSpread {
  double typical = 1, lowest = 0, highest = 0;
};

// Throws std::invalid_argument if there are no sizes.
inline SizeSpread wandering_of(const std::vector<double>& sizes) {
  if (sizes.empty())
    fail(Refusal::argument,
         "wandering_of: expected one size or more, got none");
  const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
  double product = 1;
  for (const double size : sizes) product *= size;
  return {nth_root(product, static_cast<int>(sizes.size())), *low, *high};
}

// The size after `depth` layers of He's start as a multiple of the images',
// from several seeds.
// Throws std::invalid_argument unless there is a seed and an image.
inline SizeSpread compute_wandering(const Tensor<>& images, int depth,
                                    int width, int seeds,
                                    std::uint64_t first_seed) {
  const Tensor<double> input = flat_doubles(images);
  std::vector<double> sizes;
  for (int i = 0; i < seeds; ++i) {
    const auto weights =
        deep_weights(depth, width, gain_start(2),
                     first_seed + static_cast<std::uint64_t>(i));
    const Tensor<double> last =
        deep_outputs(weights, Activation::relu, input).back();
    sizes.push_back(root_mean_square<double>(last.data()) /
                    root_mean_square<double>(input.data()));
  }
  return wandering_of(sizes);
}

// With tanh, the size of the signal after the last layer as a multiple of
// that after the first, and the size of the gradient at the first layer as
// a multiple of that at the last. compute_tanh_wandering() throws
// std::invalid_argument unless there is a seed and an image.
struct TanhWandering {
  SizeSpread signal, gradient;
};
inline TanhWandering compute_tanh_wandering(const Tensor<>& images,
                                            int depth, int width,
                                            double gain, int seeds,
                                            std::uint64_t first_seed) {
  const Tensor<double> input = flat_doubles(images);
  std::vector<double> signals, gradients;
  for (int i = 0; i < seeds; ++i) {
    const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(i);
    const LayerSizes sizes =
        measure_sizes(deep_weights(depth, width, gain_start(gain), seed),
                      Activation::tanh, input,
                      random_gradient(input.extent(0), width, seed + 1000));
    signals.push_back(sizes.forward.back() / sizes.forward.at(1));
    gradients.push_back(sizes.backward.at(1) / sizes.backward.back());
  }
  return {wandering_of(signals), wandering_of(gradients)};
}

// What N images become in every layer of a network with 100 cells a layer.
// -> for each layer (N, 100), in double, as float would lose small numbers
inline std::vector<Tensor<double>> compute_patterns(
    const Tensor<>& images, const Initializer& start, int depth,
    std::uint64_t seed) {
  return deep_outputs(deep_weights(depth, 100, start, seed),
                      Activation::relu, flat_doubles(images));
}

}  // namespace cnn
