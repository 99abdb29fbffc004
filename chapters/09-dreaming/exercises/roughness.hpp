// Exercise 3 of chapter 09, fifteen minutes.
//
// A simpler measure than total variation: the sum of the squares of all
// differences between a pixel and its neighbours on the right and below.
//   R = sum over y, x of r^2 + b^2
//   r = x(y, x + 1) - x(y, x)    b = x(y + 1, x) - x(y, x)
// Where there is no neighbour, nothing is added. What is the gradient of R
// with respect to each pixel?
//
// image (H, W) -> gradient (H, W)
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> roughness_gradient(const Tensor<double>& image) {
  throw NotSolvedYet();
}

}  // namespace cnn
