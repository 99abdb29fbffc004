// Exercise 3 of chapter 01, five minutes.
//
// Many picture files keep the colours of a pixel side by side: memory holds
// the numbers in the order (N, H, W, C), channels last. Where, then, does
// the number at picture n, channel c, row y, column x lie?
//
// shape: (N, C, H, W), as everywhere in this book -> the place in memory
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline int place_channels_last(int n, int c, int y, int x,
                               const Shape& shape) {
  throw NotSolvedYet();
}

}  // namespace cnn
