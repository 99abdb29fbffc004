// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// One of the two mistakes is still there: the search begins at 0, although
// all numbers may be less.
inline Tensor<double> max_pool_row_backward(
    const Tensor<double>& grad_output, const Tensor<double>& input,
    int window, int stride) {
  Tensor<double> grad_input(input.shape());
  for (int n = 0; n < grad_output.extent(0); ++n)
    for (int x = 0; x < grad_output.extent(1); ++x) {
      double largest = 0;
      int winner = x * stride;
      for (int k = 0; k < window; ++k)
        if (input(n, x * stride + k) > largest) {
          largest = input(n, x * stride + k);
          winner = x * stride + k;
        }
      grad_input(n, winner) += grad_output(n, x);
    }
  return grad_input;
}

}  // namespace cnn
