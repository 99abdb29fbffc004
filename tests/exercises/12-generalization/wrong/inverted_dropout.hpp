// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Divides by the probability of being dropped instead of being kept. Nobody
// notices at p = 0.5.
inline Tensor<double> dropped_out(const Tensor<double>& input,
                                  const Tensor<double>& mask, double p,
                                  bool learns) {
  Tensor<double> output = input;
  if (!learns) return output;
  for (std::size_t i = 0; i < output.data().size(); ++i)
    output.data()[i] *= mask.data()[i] / p;
  return output;
}

inline Tensor<double> dropped_out_backward(
    const Tensor<double>& grad_output, const Tensor<double>& mask, double p,
    bool learns) {
  return dropped_out(grad_output, mask, p, learns);
}

}  // namespace cnn
