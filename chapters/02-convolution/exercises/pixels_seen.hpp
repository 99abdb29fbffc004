// Exercise 3 of chapter 02, ten minutes.
//
// Convolutions one after the other: each looks at the map that the one
// before it made. A cell of the last map depends on a square piece of the
// picture. How many pixels wide is it?
//
// kernels and strides: K and stride of each convolution, first to last
// (one stride for each K, no padding) -> pixels
#pragma once

#include <vector>

#include "common/shell/exercise.hpp"

namespace cnn {

inline int pixels_seen(const std::vector<int>& kernels,
                       const std::vector<int>& strides) {
  throw NotSolvedYet();
}

}  // namespace cnn
