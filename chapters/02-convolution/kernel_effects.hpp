// What the handmade kernels make of a digit and of a colour picture, and
// what changes when the picture is moved or the kernel rotated.
// Book: book/02-convolution.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/pictures.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// ---- On a digit --------------------------------------------------------

// All kernels as the weights of one convolution: (kernels, 1, 3, 3).
inline Tensor<> stacked(const std::vector<NamedKernel>& kernels) {
  std::vector<float> numbers;
  for (const NamedKernel& kernel : kernels)
    numbers.insert(numbers.end(), kernel.weights.data().begin(),
                   kernel.weights.data().end());
  return Tensor<>({static_cast<int>(kernels.size()), 1, 3, 3}, numbers);
}

// The sum of a kernel's weights, and the mean, smallest and largest number
// of its result on a picture.
struct KernelEffect {
  std::string name;
  double sum = 0, mean = 0;
  float least = 0, most = 0;
};

struct KernelEffects {
  double picture_mean = 0;
  Tensor<> results;  // (kernels, H, W)
  std::vector<KernelEffect> of_each;

  // Is each result's mean the picture's, times the sum of the weights?
  bool means_follow_sums() const {
    return std::all_of(
        of_each.begin(), of_each.end(), [&](const KernelEffect& it) {
          return std::abs(it.mean - it.sum * picture_mean) < 1e-4;
        });
  }
};

// The mean, but 0 if only rounding keeps it from 0 (and never "-0").
inline double rounded_mean(const Tensor<>& tensor) {
  const double mean = mean_of(tensor);
  return std::abs(mean) < 1e-6 ? 0 : mean;
}

// Applies each kernel to a picture (H, W); padding 1 keeps the size.
inline KernelEffects compute_effects(
    const Tensor<>& picture, const std::vector<NamedKernel>& kernels) {
  const Tensor<> bias({static_cast<int>(kernels.size())});
  KernelEffects effects;
  effects.picture_mean = rounded_mean(picture);
  effects.results =
      item(convolve(as_batch(picture), stacked(kernels), bias, 1, 1), 0);
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    const Tensor<> result = channel(effects.results, static_cast<int>(k));
    const auto [least, most] =
        std::minmax_element(result.data().begin(), result.data().end());
    effects.of_each.push_back({kernels[k].name,
                               9 * rounded_mean(kernels[k].weights),
                               rounded_mean(result), *least, *most});
  }
  return effects;
}

// What Sobel x makes of a picture. (H, W) -> the same shape
inline Tensor<> edges_of(const Tensor<>& picture) {
  return plane(convolve(as_batch(picture), as_batch(sobel_x()),
                        Tensor<>({1}), 1, 1));
}

// The largest number of a map (H, W) and the first place that holds it.
struct Peak {
  int y = 0, x = 0;
  float value = 0;
};

inline Peak peak_of(const Tensor<>& map) {
  require_rank(map.shape(), 2, "peak_of", "map");
  const auto numbers = map.data();
  const auto largest = std::max_element(numbers.begin(), numbers.end());
  const std::vector<int> index =
      index_of(static_cast<int>(largest - numbers.begin()), map.shape());
  return {index[0], index[1], *largest};
}

// ---- On a picture in colour --------------------------------------------

struct SceneEffects {
  Tensor<> results;   // (3, kernels, H - 2, W - 2), each colour on its own
  Tensor<> grey;      // (H, W)
  Tensor<> gx, gy;    // the two Sobels of the grey, (H - 2, W - 2)
  Tensor<> strength;  // sqrt(gx^2 + gy^2), (H - 2, W - 2)
  int flat = 0;       // cells where `strength` is under 0.2
};

// scene (3, H, W)
inline SceneEffects compute_scene_effects(
    const Tensor<>& scene, const std::vector<NamedKernel>& kernels) {
  const int H = scene.extent(1), W = scene.extent(2);
  SceneEffects effects;
  // Each colour is convolved on its own, so the colours take the axis of
  // the pictures of a batch.
  effects.results = convolve(scene.reshaped({3, 1, H, W}), stacked(kernels),
                             Tensor<>({static_cast<int>(kernels.size())}));
  effects.grey = grey(scene);
  effects.gx = correlate2d(effects.grey, sobel_x());
  effects.gy = correlate2d(effects.grey, sobel_y());
  effects.strength = Tensor<>(effects.gx.shape());
  for (std::size_t i = 0; i < effects.gx.data().size(); ++i) {
    const float x = effects.gx.data()[i], y = effects.gy.data()[i];
    effects.strength.data()[i] = std::sqrt(x * x + y * y);
    if (effects.strength.data()[i] < 0.2f) ++effects.flat;
  }
  return effects;
}

// ---- Moved -------------------------------------------------------------

// A picture, the same one moved, Sobel x of the moved one (moved_first),
// and Sobel x of the picture, moved afterwards (moved_last).
struct Shift {
  std::string name;
  Tensor<> picture, moved, moved_first, moved_last;
  int down = 0, right = 0;

  // The largest |moved_first - moved_last|, without the first `rows` rows
  // and `columns` columns.
  float difference(int rows, int columns) const {
    float largest = 0;
    for (int y = rows; y < moved_first.extent(0); ++y)
      for (int x = columns; x < moved_first.extent(1); ++x)
        largest = std::max(largest,
                           std::abs(moved_first(y, x) - moved_last(y, x)));
    return largest;
  }
  float everywhere() const { return difference(0, 0); }
  // Where no zeros have come in.
  float inside() const { return difference(down, right); }
};

// Sobel x and a move by `down` and `right` cells, in both orders.
// picture (H, W)
inline Shift shift_both_ways(const std::string& name,
                             const Tensor<>& picture, int down, int right) {
  const auto move = [&](const Tensor<>& map) {
    return plane(shifted(as_batch(map), down, right));
  };
  const Tensor<> moved = move(picture);
  return {name,
          picture,
          moved,
          correlate2d(moved, sobel_x()),
          move(correlate2d(picture, sobel_x())),
          down,
          right};
}

// ---- Rotated -----------------------------------------------------------

// A picture's cross-correlation with a kernel as it is (a) and rotated (b):
// the largest |a - b| and |a + b|.
struct Flip {
  std::string name;
  float difference = 0, sum = 0;

  bool same() const { return difference < 1e-4f; }
  bool opposite() const { return sum < 1e-4f; }
};

// picture (H, W)
inline Flip compute_flip(const Tensor<>& picture,
                         const NamedKernel& kernel) {
  const Tensor<> a = correlate2d(picture, kernel.weights);
  Tensor<> b = correlate2d(picture, rotate180(kernel.weights));
  const float difference = max_abs_difference(a, b);
  for (float& number : b.data()) number = -number;
  return {kernel.name, difference, max_abs_difference(a, b)};
}

}  // namespace cnn
