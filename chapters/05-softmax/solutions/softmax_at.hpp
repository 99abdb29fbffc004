// One way to solve exercises/softmax_at.hpp.
#pragma once

#include "05-softmax/softmax.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

inline Tensor<> softmax_at(const Tensor<>& logits, float T) {
  if (!(T > 0))
    fail(Refusal::argument,
         "softmax_at: expected a temperature above 0, got " +
             std::to_string(T));
  Tensor<> divided = logits;
  for (float& z : divided.data()) z /= T;
  return softmax(divided);
}

}  // namespace cnn
