// The gradient of a convolution's input once more: as a convolution.
//
// convolve_backward_input() scatters: each output cell adds to all the
// input cells of its window. Here the same sums are gathered: each input
// cell collects from all the output cells that looked at it. It was at the
// bottom right of the first one's window and at the top left of the last
// one's, so it meets the weights in reverse order, that is, rotated by 180
// degrees.
// Book: book/04-backprop.md
#pragma once

#include <string>

#include "04-backprop/backprop.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Each kernel rotated by 180 degrees, input and output channels exchanged.
// weight (C_out, C_in, K, K) -> (C_in, C_out, K, K)
template <class T>
Tensor<T> rotated_weight(const Tensor<T>& weight) {
  require_rank(weight.shape(), 4, "rotated_weight", "weight");
  const int C_out = weight.extent(0), C_in = weight.extent(1);
  const int K = weight.extent(2);
  require_shape(weight.shape(), {C_out, C_in, K, K}, "rotated_weight",
                "weight");
  Tensor<T> rotated({C_in, C_out, K, K});
  for (int co = 0; co < C_out; ++co)
    for (int ci = 0; ci < C_in; ++ci)
      for (int ky = 0; ky < K; ++ky)
        for (int kx = 0; kx < K; ++kx)
          rotated(ci, co, ky, kx) = weight(co, ci, K - 1 - ky, K - 1 - kx);
  return rotated;
}

// The same as convolve_backward_input() for stride 1: grad_output gets a
// border of K - 1 - padding zeros, so that it has one window for each input
// cell, and the rotated weights slide over it.
// grad_output (N, C_out, H_out, W_out)  weight (C_out, C_in, K, K)
// input_shape (N, C_in, H, W) -> grad_input (N, C_in, H, W)
// Throws std::invalid_argument for another stride, or for padding of K or
// more.
template <class T>
Tensor<T> convolve_backward_input_rotated(const Tensor<T>& grad_output,
                                          const Tensor<T>& weight,
                                          const Shape& input_shape,
                                          int stride = 1, int padding = 0) {
  const std::string name = "convolve_backward_input_rotated";
  require_convolution(input_shape, weight.shape(), name);
  const int C_out = weight.extent(0), K = weight.extent(2);
  if (stride != 1 || padding > K - 1) {
    fail(Refusal::argument,
         name + ": expected stride 1 and padding of at most " +
             std::to_string(K - 1) + ", got stride " +
             std::to_string(stride) + " and padding " +
             std::to_string(padding));
  }
  const int H_out = output_size(input_shape[2], K, stride, padding);
  const int W_out = output_size(input_shape[3], K, stride, padding);
  require_shape(grad_output.shape(), {input_shape[0], C_out, H_out, W_out},
                name, "grad_output");
  const Tensor<T> no_bias({input_shape[1]});
  return convolve(grad_output, rotated_weight(weight), no_bias, 1,
                  K - 1 - padding);
}

}  // namespace cnn
