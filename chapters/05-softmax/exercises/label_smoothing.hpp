// Exercise 5 of chapter 05, an hour.
//
// A network that is trained to say 100 % becomes too sure. Label smoothing
// asks for a little less: the target q of the true class is
// 1 - epsilon + epsilon / classes, and that of every other class is
// epsilon / classes. The loss is the mean over the batch of
//
//   - sum over k of q_k ln p_k
//
// Write the loss so that it does not overflow for large scores, and then
// its gradient, which says how it changes with each score. (Which part of
// chapter 05's derivation changes? What must a row of the gradient sum to?)
//
// logits (N, classes), labels N; the gradient is (N, classes)
#pragma once

#include "05-softmax/softmax.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline double smoothed_cross_entropy(const Tensor<double>& logits,
                                     const std::vector<int>& labels,
                                     double epsilon) {
  throw NotSolvedYet();
}

inline Tensor<double> smoothed_cross_entropy_backward(
    const Tensor<double>& logits, const std::vector<int>& labels,
    double epsilon) {
  throw NotSolvedYet();
}

}  // namespace cnn
