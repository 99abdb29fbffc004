// One way to solve exercises/transposed.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<> transposed(const Tensor<>& image) {
  const int H = image.extent(0), W = image.extent(1);
  Tensor<> result({W, H});  // not (H, W)
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) result(x, y) = image(y, x);
  return result;
}

}  // namespace cnn
