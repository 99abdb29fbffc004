// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Takes the number of a neighbour that was read before, and never learns
// that two of them belong together: a U has two parts.
inline Tensor<> numbered_parts(const Tensor<>& ink, float threshold) {
  const int H = ink.extent(0), W = ink.extent(1);
  Tensor<> numbers(ink.shape());
  float parts = 0;
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      if (!(ink(y, x) > threshold)) continue;
      const int before[4][2] = {
          {y, x - 1}, {y - 1, x - 1}, {y - 1, x}, {y - 1, x + 1}};
      for (const auto& [by, bx] : before)
        if (by >= 0 && bx >= 0 && bx < W && numbers(by, bx) > 0)
          numbers(y, x) = numbers(by, bx);
      if (numbers(y, x) == 0) numbers(y, x) = ++parts;
    }
  return numbers;
}

}  // namespace cnn
