// Exercise 6 of chapter 14, twenty minutes.
//
// The first step of a block that starts as nothing. Its branch ends in a
// normalization, y = gamma x_hat + x, and all gammas are 0. The numbers
// stand in rows: row n is an image, column c a channel with a gamma of its
// own. grad_output says how the loss changes with y. What are the gammas
// after one step of plain gradient descent?
//
// x_hat (N, C)  grad_output (N, C)  rate -> (C)
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> first_scales(const Tensor<double>& x_hat,
                                   const Tensor<double>& grad_output,
                                   double rate) {
  throw NotSolvedYet();
}

}  // namespace cnn
