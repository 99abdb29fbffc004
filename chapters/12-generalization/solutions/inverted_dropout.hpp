// One way to solve exercises/inverted_dropout.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> dropped_out(const Tensor<double>& input,
                                  const Tensor<double>& mask, double p,
                                  bool learns) {
  Tensor<double> output = input;
  if (!learns) return output;
  for (std::size_t i = 0; i < output.data().size(); ++i)
    output.data()[i] *= mask.data()[i] / (1 - p);
  return output;
}

// Each output is its input times a factor, so each input's gradient is its
// output's gradient times the same factor.
inline Tensor<double> dropped_out_backward(
    const Tensor<double>& grad_output, const Tensor<double>& mask, double p,
    bool learns) {
  return dropped_out(grad_output, mask, p, learns);
}

}  // namespace cnn
