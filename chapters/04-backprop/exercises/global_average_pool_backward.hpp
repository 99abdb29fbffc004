// Exercise 4 of chapter 04, fifteen minutes.
//
// Global average pooling (chapter 03) takes the mean of each whole map. In
// the backward pass, how does the loss change with each cell of the maps?
//
// grad_output (N, C), input_shape (N, C, H, W) -> grad_input (N, C, H, W)
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> global_average_pool_backward(
    const Tensor<double>& grad_output, const Shape& input_shape) {
  throw NotSolvedYet();
}

}  // namespace cnn
