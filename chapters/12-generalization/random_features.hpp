// Cells that never learn: their weights stay as they were drawn, and only
// the weights of their outputs are fitted.
// Book: book/12-generalization.md
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "12-generalization/cholesky.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// p cells that see a whole image, with a column of weights for each.
// weight (pixels, p)
struct RandomCells {
  Tensor<> weight;
};

// Draws normal weights with standard deviation 1 / sqrt(pixels). Negates
// the weights of each cell that the mean of the images would leave silent,
// because a cell that is silent for all images would be no feature.
// images (N, C, H, W)
inline RandomCells random_cells(const Tensor<>& images, int p,
                                std::uint64_t seed) {
  require_rank(images.shape(), 4, "random_cells", "images");
  const int pixels = images.strides()[0];
  Random random(seed + 0x66656174757265u);  // other draws than the labels'
  RandomCells cells{Tensor<>({pixels, p})};
  for (float& w : cells.weight.data())
    w = random.normal() / std::sqrt(static_cast<float>(pixels));
  std::vector<double> mean(static_cast<std::size_t>(pixels)),
      response(static_cast<std::size_t>(p));
  for (int n = 0; n < images.extent(0); ++n) {
    const auto image = row_of(images, n);
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += static_cast<double>(image[i]) / images.extent(0);
  }
  for (int i = 0; i < pixels; ++i)
    for (int j = 0; j < p; ++j)
      response[static_cast<std::size_t>(j)] +=
          mean[static_cast<std::size_t>(i)] *
          static_cast<double>(cells.weight(i, j));
  for (int i = 0; i < pixels; ++i)
    for (int j = 0; j < p; ++j)
      if (response[static_cast<std::size_t>(j)] < 0)
        cells.weight(i, j) = -cells.weight(i, j);
  return cells;
}

// feature_j = relu(sum_i w_ji x_i)                                  (12.2)
// images (N, C, H, W) -> features (p, N)
inline Tensor<double> random_features(const RandomCells& cells,
                                      const Tensor<>& images) {
  require_rank(images.shape(), 4, "random_features", "images");
  const int N = images.extent(0), pixels = images.strides()[0],
            p = cells.weight.extent(1);
  require_shape(cells.weight.shape(), {pixels, p}, "random_features",
                "weight");
  Tensor<double> features({p, N});
  for (int n = 0; n < N; ++n) {
    std::vector<float> sums(static_cast<std::size_t>(p));
    const auto image = row_of(images, n);
    for (int i = 0; i < pixels; ++i) {
      const float x = image[static_cast<std::size_t>(i)];
      if (x == 0) continue;  // as most pixels are
      const auto w = row_of(cells.weight, i);
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
