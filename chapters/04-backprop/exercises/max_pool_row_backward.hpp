// Exercise 5 of chapter 04, half an hour: find the bugs.
//
// Max-pooling along rows of numbers, and somebody's backward pass:
//
//   Tensor<double> grad_input(input.shape());
//   for (int n = 0; n < grad_output.extent(0); ++n)
//     for (int x = 0; x < grad_output.extent(1); ++x) {
//       double largest = 0;
//       int winner = 0;
//       for (int k = 0; k < window; ++k)
//         if (input(n, x * stride + k) > largest) {
//           largest = input(n, x * stride + k);
//           winner = k;
//         }
//       grad_input(n, winner) += grad_output(n, x);
//     }
//   return grad_input;
//
// It hands gradients to cells that never won. There are two mistakes: find
// both, then write it correctly. Of several equal cells, the first wins.
//
// grad_output (N, W_out)  input (N, W) -> grad_input (N, W), no padding
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> max_pool_row_backward(
    const Tensor<double>& grad_output, const Tensor<double>& input,
    int window, int stride) {
  throw NotSolvedYet();
}

}  // namespace cnn
