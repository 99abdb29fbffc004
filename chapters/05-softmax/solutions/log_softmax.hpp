// One way to solve exercises/log_softmax.hpp.
#pragma once

#include "05-softmax/softmax.hpp"

namespace cnn {

inline Tensor<> log_softmax(const Tensor<>& logits) {
  Tensor<> result = logits;
  for (int n = 0; n < logits.extent(0); ++n) {
    const float m = largest_logit(logits, n);
    float sum = 0;
    for (int k = 0; k < logits.extent(1); ++k)
      sum += std::exp(logits(n, k) - m);
    // ln p_k = (z_k - m) - ln(sum)
    for (int k = 0; k < logits.extent(1); ++k)
      result(n, k) = (logits(n, k) - m) - std::log(sum);
  }
  return result;
}

}  // namespace cnn
