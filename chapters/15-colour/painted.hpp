// Paints a grey picture in two colours, and counts the pictures that a
// network is less sure of.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

using Paint = std::array<float, 3>;  // red, green and blue, from 0 to 1

// Paints the picture into the middle of a square: `pen` where the ink is 1,
// `paper` where it is 0 and all around, and a mixture for ink in between.
// ink (H, W) -> (3, size, size)
// Throws std::invalid_argument if the square is smaller than the picture.
inline Tensor<> painted(const Tensor<>& ink, const Paint& pen,
                        const Paint& paper, int size) {
  require_rank(ink.shape(), 2, "painted", "ink");
  const int H = ink.extent(0), W = ink.extent(1);
  if (size < std::max(H, W))
    fail(Refusal::argument, "painted: expected a square with sides of " +
                                std::to_string(std::max(H, W)) +
                                " or more, got " + std::to_string(size));
  const int top = (size - H) / 2, left = (size - W) / 2;
  Tensor<> picture({3, size, size});
  for (int c = 0; c < 3; ++c) {
    const auto at = static_cast<std::size_t>(c);
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x) picture(c, y, x) = paper[at];
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x)
        picture(c, top + y, left + x) += ink(y, x) * (pen[at] - paper[at]);
  }
  return picture;
}

// The number of rows whose largest probability is below `limit`.
// probabilities (N, classes)
inline int rows_less_sure(const Tensor<>& probabilities, float limit) {
  require_rank(probabilities.shape(), 2, "rows_less_sure", "probabilities");
  int count = 0;
  for (int n = 0; n < probabilities.extent(0); ++n) {
    const auto row = row_of(probabilities, n);
    count += std::all_of(row.begin(), row.end(),
                         [&](float p) { return p < limit; });
  }
  return count;
}

}  // namespace cnn
