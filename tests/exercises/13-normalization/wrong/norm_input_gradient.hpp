// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

#include "common/tensor/tensor.hpp"

namespace cnn {

// Takes the mean and the variance for constants.
inline Tensor<double> norm_input_gradient(const Tensor<double>& input,
                                          const Tensor<double>& grad_x_hat,
                                          double epsilon) {
  const int N = input.extent(0), C = input.extent(1);
  Tensor<double> grad(input.shape());
  for (int c = 0; c < C; ++c) {
    double mean = 0, variance = 0;
    for (int n = 0; n < N; ++n) mean += input(n, c) / N;
    for (int n = 0; n < N; ++n)
      variance += (input(n, c) - mean) * (input(n, c) - mean) / N;
    for (int n = 0; n < N; ++n)
      grad(n, c) = grad_x_hat(n, c) / std::sqrt(variance + epsilon);
  }
  return grad;
}

}  // namespace cnn
