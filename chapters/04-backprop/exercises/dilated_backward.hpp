// Exercise 6 of chapter 04, an hour.
//
// A window with gaps, as in chapter 02's exercise of that name:
//
//   output(y, x) = sum over ky, kx of
//       kernel(ky, kx) * image(y + ky dilation, x + kx dilation)
//
// Given how the loss changes with the output, find how it changes with the
// image and with the kernel. Begin with a row of five cells, a kernel of
// two weights and dilation 2: which outputs does cell 2 occur in? The check
// compares with central differences.
//
// grad_output (H_out, W_out)  image (H, W)  kernel (K, K)
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// -> (H, W)
inline Tensor<double> dilated_backward_image(
    const Tensor<double>& grad_output, const Tensor<double>& kernel,
    const Shape& image_shape, int dilation) {
  throw NotSolvedYet();
}

// -> (K, K)
inline Tensor<double> dilated_backward_kernel(
    const Tensor<double>& grad_output, const Tensor<double>& image, int K,
    int dilation) {
  throw NotSolvedYet();
}

}  // namespace cnn
