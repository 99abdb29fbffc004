// Exercise 6 of chapter 13, forty minutes.
//
// Write batch normalization and its backward pass for a matrix, in which
// row n is an image and column c a channel. Standardize each column with
// (13.1) to (13.3), in training mode, and return the gradient of the loss
// with respect to each number, given grad_x_hat, the one with respect to
// x_hat. Before you run the check, write down two sums over a column of
// your result: the plain sum, and the sum of its products with x_hat. What
// should they be?
//
// input (N, C)  grad_x_hat (N, C) -> (N, C)
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> norm_input_gradient(const Tensor<double>& input,
                                          const Tensor<double>& grad_x_hat,
                                          double epsilon) {
  throw NotSolvedYet();
}

}  // namespace cnn
