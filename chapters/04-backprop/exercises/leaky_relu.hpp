// Exercise 3 of chapter 04, ten minutes.
//
// A ReLU that is closed passes no gradient back, so the weights before it
// learn nothing. The leaky one lets a little through: it multiplies
// negative numbers by a small slope, say 0.1, instead of by 0. Write it and
// its backward pass. At exactly 0 take the slope of the negative side, as
// chapter 04's relu_backward() does.
//
// Any shape; both functions return tensors of the shape of `input`.
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> leaky_relu(const Tensor<double>& input,
                                 double slope) {
  throw NotSolvedYet();
}

inline Tensor<double> leaky_relu_backward(const Tensor<double>& grad_output,
                                          const Tensor<double>& input,
                                          double slope) {
  throw NotSolvedYet();
}

}  // namespace cnn
