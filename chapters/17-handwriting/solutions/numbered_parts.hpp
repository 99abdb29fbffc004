// One way to solve exercises/numbered_parts.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<> numbered_parts(const Tensor<>& ink, float threshold) {
  const int H = ink.extent(0), W = ink.extent(1);
  // The parent of each cell in its tree; a root is its own parent.
  std::vector<std::size_t> parent(ink.data().size());
  const auto root_of = [&](std::size_t cell) {
    while (parent[cell] != cell)
      cell = parent[cell] = parent[parent[cell]];  // shortens the path
    return cell;
  };
  const auto is_ink = [&](int y, int x) {
    return y >= 0 && x >= 0 && x < W && ink(y, x) > threshold;
  };
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      const std::size_t here = ink.offset(y, x);
      parent[here] = here;
      if (!is_ink(y, x)) continue;
      const int before[4][2] = {
          {y, x - 1}, {y - 1, x - 1}, {y - 1, x}, {y - 1, x + 1}};
      for (const auto& [by, bx] : before) {
        if (!is_ink(by, bx)) continue;
        const std::size_t a = root_of(here),
                          b = root_of(ink.offset(by, bx));
        parent[std::max(a, b)] = std::min(a, b);
      }
    }
  // A root is the first cell of its part, because the smaller of two roots
  // stays a root.
  Tensor<> numbers(ink.shape());
  float parts = 0;
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      if (!is_ink(y, x)) continue;
      const std::size_t here = ink.offset(y, x), root = root_of(here);
      numbers(y, x) = root == here ? ++parts : numbers.data()[root];
    }
  return numbers;
}

}  // namespace cnn
