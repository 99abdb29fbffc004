// Exercise 6 of chapter 12, twenty minutes.
//
// Inverted dropout by hand, with a mask that somebody else has drawn: 1
// where a cell is kept, 0 where it is dropped. Each cell was dropped with
// probability p. While the network learns, the mean of the output over all
// masks must be the input; while it answers, the output is the input.
//
// The backward pass takes the gradient of the loss with respect to the
// output and returns the gradient with respect to the input.
//
// All tensors have the same shape. learns: whether the network is learning
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> dropped_out(const Tensor<double>& input,
                                  const Tensor<double>& mask, double p,
                                  bool learns) {
  throw NotSolvedYet();
}

inline Tensor<double> dropped_out_backward(
    const Tensor<double>& grad_output, const Tensor<double>& mask, double p,
    bool learns) {
  throw NotSolvedYet();
}

}  // namespace cnn
