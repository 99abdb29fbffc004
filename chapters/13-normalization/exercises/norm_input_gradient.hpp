// Exercise 6 of chapter 13, forty minutes.
//
// Batch normalization and its backward pass, for numbers in rows: row n is
// an image, column c a channel. Standardize each column with (13.1) to
// (13.3), in training mode, and return how the loss changes with each
// number, if it changes with x_hat as grad_x_hat says. Write down the two
// sums of your result over a column before you compare: the plain sum, and
// the sum of the products with x_hat. What should they be?
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
