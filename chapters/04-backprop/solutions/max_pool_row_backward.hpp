// One way to solve exercises/max_pool_row_backward.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> max_pool_row_backward(
    const Tensor<double>& grad_output, const Tensor<double>& input,
    int window, int stride) {
  Tensor<double> grad_input(input.shape());
  for (int n = 0; n < grad_output.extent(0); ++n)
    for (int x = 0; x < grad_output.extent(1); ++x) {
      // The first cell leads to begin with, whatever its sign. The winner
      // is a place in the row, not in the window.
      int winner = x * stride;
      for (int k = 1; k < window; ++k)
        if (input(n, x * stride + k) > input(n, winner))
          winner = x * stride + k;
      grad_input(n, winner) += grad_output(n, x);
    }
  return grad_input;
}

}  // namespace cnn
