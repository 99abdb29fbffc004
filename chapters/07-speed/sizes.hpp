// The sizes that all loops over a convolution need, checked once.
// Book: book/07-speed.md
#pragma once

#include <string>

#include "02-convolution/convolution.hpp"

namespace cnn {

struct ConvolutionSizes {
  int N, C_in, C_out, K, H_out, W_out;

  // input (N, C_in, H, W)  weight (C_out, C_in, K, K)
  // Throws std::invalid_argument, in the name of `where`, unless they fit.
  ConvolutionSizes(const Shape& input, const Shape& weight, int stride,
                   int padding, const std::string& where) {
    require_convolution(input, weight, where);
    N = input[0], C_in = input[1], C_out = weight[0], K = weight[2];
    H_out = output_size(input[2], K, stride, padding);
    W_out = output_size(input[3], K, stride, padding);
  }
  int places() const { return H_out * W_out; }
  Shape output() const { return {N, C_out, H_out, W_out}; }
};

// The same for a backward pass: also checks the shape of grad_output.
inline ConvolutionSizes sizes_back(const Shape& grad_output,
                                   const Shape& input, const Shape& weight,
                                   int stride, int padding,
                                   const std::string& where) {
  const ConvolutionSizes sizes(input, weight, stride, padding, where);
  require_shape(grad_output, sizes.output(), where, "grad_output");
  return sizes;
}

// For the weights' gradient only their size K is known beforehand.
inline ConvolutionSizes sizes_back(const Shape& grad_output,
                                   const Shape& input, int K, int stride,
                                   int padding, const std::string& where) {
  require_rank(input, 4, where, "input");
  require_rank(grad_output, 4, where, "grad_output");
  return sizes_back(grad_output, input, {grad_output[1], input[1], K, K},
                    stride, padding, where);
}

}  // namespace cnn
