// One way to solve exercises/norm_input_gradient.hpp.
#pragma once

#include <cmath>

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> norm_input_gradient(const Tensor<double>& input,
                                          const Tensor<double>& grad_x_hat,
                                          double epsilon) {
  const int N = input.extent(0), C = input.extent(1);
  Tensor<double> grad(input.shape());
  for (int c = 0; c < C; ++c) {
    double mean = 0, variance = 0, mean_grad = 0, lean = 0;
    for (int n = 0; n < N; ++n) mean += input(n, c) / N;
    for (int n = 0; n < N; ++n)
      variance += (input(n, c) - mean) * (input(n, c) - mean) / N;
    const double sigma = std::sqrt(variance + epsilon);
    for (int n = 0; n < N; ++n) {
      const double x_hat = (input(n, c) - mean) / sigma;
      mean_grad += grad_x_hat(n, c) / N;
      lean += grad_x_hat(n, c) * x_hat / N;
    }
    for (int n = 0; n < N; ++n) {
      const double x_hat = (input(n, c) - mean) / sigma;
      grad(n, c) = (grad_x_hat(n, c) - mean_grad - x_hat * lean) / sigma;
    }
  }
  return grad;
}

}  // namespace cnn
