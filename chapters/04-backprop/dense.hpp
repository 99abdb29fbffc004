// Two layers that every network has: the dense layer (every output looks at
// every input) and ReLU, the bend that keeps two of them from being one.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>

#include "common/tensor/tensor.hpp"

namespace cnn {

// input (N, F_in)  weight (F_out, F_in)  bias (F_out) -> output (N, F_out)
// Throws std::invalid_argument unless the three fit together.
template <class T>
Tensor<T> dense(const Tensor<T>& input, const Tensor<T>& weight,
                const Tensor<T>& bias) {
  require_rank(input.shape(), 2, "dense", "input");
  require_rank(weight.shape(), 2, "dense", "weight");
  const int N = input.extent(0);
  const int F_out = weight.extent(0), F_in = weight.extent(1);
  require_shape(input.shape(), {N, F_in}, "dense", "input");
  require_shape(bias.shape(), {F_out}, "dense", "bias");
  Tensor<T> output({N, F_out});
  for (int n = 0; n < N; ++n)
    for (int o = 0; o < F_out; ++o) {
      T sum = bias(o);
      for (int i = 0; i < F_in; ++i) sum += weight(o, i) * input(n, i);
      output(n, o) = sum;  // (4.1)
    }
  return output;
}

// ReLU, the rectified linear unit: what is negative becomes 0. A NaN stays
// a NaN, so that trouble is seen and not swallowed. Any shape.
template <class T>
Tensor<T> relu(const Tensor<T>& input) {
  Tensor<T> output = input;
  for (T& number : output.data())
    number = number < 0 ? T{0} : number;  // (4.5)
  return output;
}

}  // namespace cnn
