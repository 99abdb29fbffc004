// The mistake that a reader is most likely to make.
#pragma once

#include "03-pooling/pooling.hpp"

namespace cnn {

// Pads with zeros first, which are smaller than any positive number.
inline Tensor<> min_pool(const Tensor<>& input, const Pooling& pooling) {
  Tensor<> negated = pad(input, pooling.padding);
  for (float& number : negated.data()) number = -number;
  Tensor<> output = max_pool(negated, {pooling.window, pooling.stride, 0});
  for (float& number : output.data()) number = -number;
  return output;
}

}  // namespace cnn
