// One way to solve exercises/top_two_accuracy.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline double top_two_accuracy(const Tensor<>& logits,
                               const std::vector<int>& labels) {
  const int N = logits.extent(0);
  int right = 0;
  for (int n = 0; n < N; ++n) {
    const float mine = logits(n, labels[static_cast<std::size_t>(n)]);
    int better = 0;  // classes that score more than the true one
    for (int k = 0; k < logits.extent(1); ++k)
      better += logits(n, k) > mine;
    right += better < 2;
  }
  return static_cast<double>(right) / N;
}

}  // namespace cnn
