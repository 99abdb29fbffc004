// Exercise 7 of chapter 14, half an hour.
//
// A small residual block computes y = W2 relu(W1 x) + x for each row x of
// its input. Take the gradient of the loss with respect to y, grad_output,
// and return the gradient with respect to the input. What must come out if
// all of W2 is 0?
//
// input (N, F)  W1 (H, F)  W2 (F, H)  grad_output (N, F) -> (N, F)
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> block_input_gradient(
    const Tensor<double>& input, const Tensor<double>& W1,
    const Tensor<double>& W2, const Tensor<double>& grad_output) {
  throw NotSolvedYet();
}

}  // namespace cnn
