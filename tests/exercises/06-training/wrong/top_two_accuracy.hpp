// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// 1 / 2 of whole numbers is 0.
inline double top_two_accuracy(const Tensor<>& logits,
                               const std::vector<int>& labels) {
  const int N = logits.extent(0);
  int right = 0;
  for (int n = 0; n < N; ++n) {
    const float mine = logits(n, labels[static_cast<std::size_t>(n)]);
    int better = 0;
    for (int k = 0; k < logits.extent(1); ++k)
      better += logits(n, k) > mine;
    right += better < 2;
  }
  return right / N;
}

}  // namespace cnn
