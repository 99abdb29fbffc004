// Cells that never learn: their weights stay as they were drawn, and only
// what is made of their outputs is fitted.
// Book: book/12-generalization.md
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "12-generalization/cholesky.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// p cells that see the whole image, each with its own random weights:
//   feature_j = relu(sum_i w_ij x_i),  w_ij of size 1 / sqrt(pixels) (12.2)
// One seed gives the same cells for any images of a size.
// images (N, C, H, W) -> features (p, N)
inline Tensor<double> random_features(const Tensor<>& images, int p,
                                      std::uint64_t seed) {
  require_rank(images.shape(), 4, "random_features", "images");
  const int N = images.extent(0), pixels = images.strides()[0];
  Random random(seed + 0x66656174757265u);  // not the lot of the labels
  Tensor<> weight({pixels, p});
  for (float& w : weight.data())
    w = random.normal() / std::sqrt(static_cast<float>(pixels));
  Tensor<double> features({p, N});
  for (int n = 0; n < N; ++n) {
    std::vector<float> sums(static_cast<std::size_t>(p));
    const auto image = row_of(images, n);
    for (int i = 0; i < pixels; ++i) {
      const float x = image[static_cast<std::size_t>(i)];
      if (x == 0) continue;  // most of them are
      const auto w = row_of(weight, i);
      for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += w[j] * x;
    }
    for (int j = 0; j < p; ++j) {
      const float sum = sums[static_cast<std::size_t>(j)];
      features(j, n) = sum > 0 ? static_cast<double>(sum) : 0.0;  // (12.2)
    }
  }
  return features;
}

}  // namespace cnn
