// The mistake that a reader is most likely to make.
#pragma once

#include "05-softmax/softmax.hpp"

namespace cnn {

// Divides the probabilities, where the scores should be divided.
inline Tensor<> softmax_at(const Tensor<>& logits, float T) {
  if (!(T > 0)) throw std::invalid_argument("softmax_at");
  Tensor<> probabilities = softmax(logits);
  for (float& p : probabilities.data()) p /= T;
  return probabilities;
}

}  // namespace cnn
