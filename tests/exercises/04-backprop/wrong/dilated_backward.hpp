// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Assigns where copies overlap, instead of adding.
inline Tensor<double> dilated_backward_image(
    const Tensor<double>& grad_output, const Tensor<double>& kernel,
    const Shape& image_shape, int dilation) {
  const int K = kernel.extent(0);
  Tensor<double> grad_image(image_shape);
  for (int y = 0; y < grad_output.extent(0); ++y)
    for (int x = 0; x < grad_output.extent(1); ++x)
      for (int ky = 0; ky < K; ++ky)
        for (int kx = 0; kx < K; ++kx)
          grad_image(y + ky * dilation, x + kx * dilation) =
              grad_output(y, x) * kernel(ky, kx);
  return grad_image;
}

inline Tensor<double> dilated_backward_kernel(
    const Tensor<double>& grad_output, const Tensor<double>& image, int K,
    int dilation) {
  Tensor<double> grad_kernel({K, K});
  for (int y = 0; y < grad_output.extent(0); ++y)
    for (int x = 0; x < grad_output.extent(1); ++x)
      for (int ky = 0; ky < K; ++ky)
        for (int kx = 0; kx < K; ++kx)
          grad_kernel(ky, kx) +=
              grad_output(y, x) *
              image(y + ky * dilation, x + kx * dilation);
  return grad_kernel;
}

}  // namespace cnn
