// Two questions about a picture: what a flat vector can answer, and what
// only a grid can.
#pragma once

#include <cmath>
#include <vector>

#include "common/dataset.hpp"
#include "common/tensor.hpp"

namespace cnn {

// The squared distance of image a of one batch and image b of another: the
// sum over all places of the squared difference there. But for
// rounding it does not matter in which order the places are visited.
// first, second (N, C, H, W)
inline float squared_distance(const Tensor<>& first, int a,
                              const Tensor<>& second, int b) {
  const int pixels = first.strides()[0];
  const auto p = first.data().subspan(static_cast<std::size_t>(a * pixels));
  const auto q =
      second.data().subspan(static_cast<std::size_t>(b * pixels));
  float sum = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(pixels); ++i)
    sum += (p[i] - q[i]) * (p[i] - q[i]);
  return sum;
}

// For each image of `asked` the index of the nearest one of `known`.
inline std::vector<int> nearest_neighbours(const Tensor<>& asked,
                                           const Tensor<>& known) {
  require_shape(Shape(asked.shape().begin() + 1, asked.shape().end()),
                Shape(known.shape().begin() + 1, known.shape().end()),
                "nearest_neighbours", "an image");
  std::vector<int> nearest;
  for (int a = 0; a < asked.extent(0); ++a) {
    int best = 0;
    float least = squared_distance(asked, a, known, 0);
    for (int k = 1; k < known.extent(0); ++k) {
      const float distance = squared_distance(asked, a, known, k);
      if (distance < least) {
        least = distance;
        best = k;
      }
    }
    nearest.push_back(best);
  }
  return nearest;
}

// How much two pixels side by side differ: the mean of |left - right|.
// images (N, C, H, W)
inline double neighbour_difference(const Tensor<>& images) {
  require_rank(images.shape(), 4, "neighbour_difference", "images");
  double sum = 0;
  int pairs = 0;
  for (int n = 0; n < images.extent(0); ++n)
    for (int c = 0; c < images.extent(1); ++c)
      for (int y = 0; y < images.extent(2); ++y)
        for (int x = 0; x + 1 < images.extent(3); ++x) {
          sum += static_cast<double>(
              std::abs(images(n, c, y, x) - images(n, c, y, x + 1)));
          ++pairs;
        }
  return pairs == 0 ? 0 : sum / pairs;
}

}  // namespace cnn
