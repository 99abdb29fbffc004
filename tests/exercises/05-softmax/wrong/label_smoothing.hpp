// The mistake that a reader is most likely to make.
#pragma once

#include "05-softmax/softmax.hpp"

namespace cnn {

// Shares epsilon among the classes - 1 others only, which is another target
// than the one that was asked for.
inline double smoothed_target(int k, int y, int classes, double epsilon) {
  return k == y ? 1 - epsilon : epsilon / (classes - 1);
}

inline double smoothed_cross_entropy(const Tensor<double>& logits,
                                     const std::vector<int>& labels,
                                     double epsilon) {
  const int N = logits.extent(0), classes = logits.extent(1);
  const Tensor<double> p = softmax(logits);
  double loss = 0;
  for (int n = 0; n < N; ++n)
    for (int k = 0; k < classes; ++k)
      loss -= smoothed_target(k, labels[static_cast<std::size_t>(n)],
                              classes, epsilon) *
              std::log(p(n, k));
  return loss / N;
}

inline Tensor<double> smoothed_cross_entropy_backward(
    const Tensor<double>& logits, const std::vector<int>& labels,
    double epsilon) {
  const int N = logits.extent(0), classes = logits.extent(1);
  Tensor<double> grad = softmax(logits);
  for (int n = 0; n < N; ++n)
    for (int k = 0; k < classes; ++k)
      grad(n, k) -= smoothed_target(k, labels[static_cast<std::size_t>(n)],
                                    classes, epsilon);
  for (double& number : grad.data()) number /= N;
  return grad;
}

}  // namespace cnn
