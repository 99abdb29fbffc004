#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Small numbers, each different from its neighbours: integers if unit is 1.
inline Tensor<> numbers(const Shape& shape, int from, float unit = 1) {
  Tensor<> result(shape);
  int i = from;
  for (float& number : result.data())
    number = unit * static_cast<float>((7 * i++) % 11 - 5);
  return result;
}

}  // namespace cnn
