// Exercise 6 of chapter 14, twenty minutes.
//
// A block that starts as nothing takes its first step. Its branch ends in a
// normalization, so y = gamma x_hat + x, and all gammas are 0. Row n of the
// tensors is an image, and column c is a channel with a gamma of its own.
// grad_output is the gradient of the loss with respect to y. What are the
// gammas after one step of plain gradient descent?
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
