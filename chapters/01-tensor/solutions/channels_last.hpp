// One way to solve exercises/channels_last.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline int place_channels_last(int n, int c, int y, int x,
                               const Shape& shape) {
  const int C = shape[1], H = shape[2], W = shape[3];
  return ((n * H + y) * W + x) * C + c;
}

}  // namespace cnn
