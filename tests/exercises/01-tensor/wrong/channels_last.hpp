// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// The strides of (N, C, H, W), as if nothing had changed.
inline int place_channels_last(int n, int c, int y, int x,
                               const Shape& shape) {
  const int C = shape[1], H = shape[2], W = shape[3];
  return ((n * C + c) * H + y) * W + x;
}

}  // namespace cnn
