// Two questions about a picture: one that a flat vector can answer, and one
// that only a grid can.
// Book: book/01-tensor.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Throws std::invalid_argument unless the images of two batches have the
// same shape. first, second (N, C, H, W)
inline void require_same_images(const Tensor<>& first,
                                const Tensor<>& second,
                                const std::string& where) {
  require_rank(first.shape(), 4, where, "the first batch");
  require_shape(second.shape(),
                {second.rank() == 0 ? 0 : second.extent(0), first.extent(1),
                 first.extent(2), first.extent(3)},
                where, "the second batch");
}

// The squared distance between image a of one batch and image b of another:
// the sum over all places of the squared difference there. Except for
// rounding, the order of the places does not matter.
// first, second (N, C, H, W)
// Throws std::invalid_argument if the images differ in shape or if there is
// no image a or b.
inline float squared_distance(const Tensor<>& first, int a,
                              const Tensor<>& second, int b) {
  require_same_images(first, second, "squared_distance");
  if (a < 0 || a >= first.extent(0) || b < 0 || b >= second.extent(0))
    fail(Refusal::argument,
         "squared_distance: no images " + std::to_string(a) + " and " +
             std::to_string(b) + " in " + to_string(first.shape()) +
             " and " + to_string(second.shape()));
  const int pixels = first.strides()[0];
  const auto p = first.data().subspan(static_cast<std::size_t>(a * pixels));
  const auto q =
      second.data().subspan(static_cast<std::size_t>(b * pixels));
  float sum = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(pixels); ++i)
    sum += (p[i] - q[i]) * (p[i] - q[i]);
  return sum;
}

// For each image of `asked`, the index of the nearest image of `known`.
// asked, known (N, C, H, W)
// Throws std::invalid_argument if the images differ in shape or `known` is
// empty.
inline std::vector<int> nearest_neighbours(const Tensor<>& asked,
                                           const Tensor<>& known) {
  require_same_images(asked, known, "nearest_neighbours");
  if (known.extent(0) == 0)
    fail(
        Refusal::argument,
        "nearest_neighbours: expected one known image or more, got shape " +
            to_string(known.shape()));
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
