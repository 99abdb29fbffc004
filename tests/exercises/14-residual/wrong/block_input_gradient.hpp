// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> block_input_gradient(
    const Tensor<double>& input, const Tensor<double>& W1,
    const Tensor<double>& W2, const Tensor<double>& grad_output) {
  const int N = input.extent(0), F = input.extent(1), H = W1.extent(0);
  // Takes the branch's gradient alone and forgets the skip's.
  Tensor<double> grad(input.shape());
  for (int n = 0; n < N; ++n)
    for (int h = 0; h < H; ++h) {
      double z = 0, grad_h = 0;
      for (int f = 0; f < F; ++f) {
        z += W1(h, f) * input(n, f);
        grad_h += W2(f, h) * grad_output(n, f);
      }
      if (z <= 0) continue;  // ReLU lets nothing through
      for (int f = 0; f < F; ++f) grad(n, f) += W1(h, f) * grad_h;
    }
  return grad;
}

}  // namespace cnn
