// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> leaky_relu(const Tensor<double>& input,
                                 double slope) {
  Tensor<double> output = input;
  for (double& number : output.data())
    if (number < 0) number *= slope;
  return output;
}

// Looks at the sign of the gradient, not at that of the input.
inline Tensor<double> leaky_relu_backward(const Tensor<double>& grad_output,
                                          const Tensor<double>&,
                                          double slope) {
  return leaky_relu(grad_output, slope);
}

}  // namespace cnn
