// Two dense layers in a row, and what the bend between them is good for.
// Book: book/04-backprop.md
#pragma once

#include "04-backprop/dense.hpp"

namespace cnn {

// weight (F_out, F_in)  bias (F_out)
template <class T>
struct DenseParameters {
  Tensor<T> weight, bias;
};

// input (N, F_in) -> output (N, F_out)
template <class T>
Tensor<T> two_linear_layers(const Tensor<T>& input,
                            const DenseParameters<T>& first,
                            const DenseParameters<T>& second) {
  const Tensor<T> hidden = dense(input, first.weight, first.bias);
  return dense(hidden, second.weight, second.bias);
}

// The same with ReLU between the two.
template <class T>
Tensor<T> two_layers_with_relu(const Tensor<T>& input,
                               const DenseParameters<T>& first,
                               const DenseParameters<T>& second) {
  const Tensor<T> hidden = relu(dense(input, first.weight, first.bias));
  return dense(hidden, second.weight, second.bias);
}

// The one layer that two linear layers amount to:
//   W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2)
// first (F_hidden, F_in), second (F_out, F_hidden) -> (F_out, F_in)
// Throws std::invalid_argument unless the second takes what the first
// gives and each has a bias for each output.
template <class T>
DenseParameters<T> merged(const DenseParameters<T>& first,
                          const DenseParameters<T>& second) {
  require_rank(first.weight.shape(), 2, "merged", "first weight");
  require_rank(second.weight.shape(), 2, "merged", "second weight");
  const int F_in = first.weight.extent(1);
  const int F_hidden = first.weight.extent(0);
  const int F_out = second.weight.extent(0);
  require_shape(second.weight.shape(), {F_out, F_hidden}, "merged",
                "second weight");
  require_shape(first.bias.shape(), {F_hidden}, "merged", "first bias");
  require_shape(second.bias.shape(), {F_out}, "merged", "second bias");
  DenseParameters<T> one{Tensor<T>({F_out, F_in}), second.bias};
  for (int o = 0; o < F_out; ++o)
    for (int k = 0; k < F_hidden; ++k) {
      one.bias(o) += second.weight(o, k) * first.bias(k);
      for (int i = 0; i < F_in; ++i)
        one.weight(o, i) += second.weight(o, k) * first.weight(k, i);
    }
  return one;
}

}  // namespace cnn
