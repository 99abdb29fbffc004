// Backward passes that are wrong on purpose, with two common mistakes. They
// run without complaint; the gradient check is what finds them.
// Book: book/04-backprop.md
#pragma once

#include <limits>

#include "04-backprop/backprop.hpp"

namespace cnn {

// Returns the bias itself in place of its gradient.
template <class T>
ParameterGradients<T> dense_backward_with_bias_as_gradient(
    const Tensor<T>& grad_output, const Tensor<T>& input,
    const Tensor<T>& bias) {
  ParameterGradients<T> grads =
      dense_backward_parameters(grad_output, input);
  grads.bias = bias;
  return grads;
}

// Assigns where it should add: where windows overlap, the last one's
// gradient replaces the others'.
template <class T>
Tensor<T> max_pool_backward_that_assigns(const Tensor<T>& grad_output,
                                         const Tensor<T>& input,
                                         const Pooling& pooling) {
  const auto [window, stride, padding] = pooling;
  const T lowest = -std::numeric_limits<T>::infinity();
  const Tensor<T> padded = pad(input, padding, lowest);
  Tensor<T> grad_padded(padded.shape());
  for (int n = 0; n < grad_output.extent(0); ++n)
    for (int c = 0; c < grad_output.extent(1); ++c)
      for (int y = 0; y < grad_output.extent(2); ++y)
        for (int x = 0; x < grad_output.extent(3); ++x) {
          const Cell won =
              winner(padded, n, c, y * stride, x * stride, window, padding);
          grad_padded(n, c, won.y, won.x) = grad_output(n, c, y, x);
        }
  return unpad(grad_padded, padding);
}

}  // namespace cnn
