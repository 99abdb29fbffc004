// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Each pixel has neighbours, but is a neighbour, too.
inline Tensor<double> roughness_gradient(const Tensor<double>& image) {
  const int H = image.extent(0), W = image.extent(1);
  Tensor<double> gradient({H, W});
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      if (x + 1 < W) gradient(y, x) -= 2 * (image(y, x + 1) - image(y, x));
      if (y + 1 < H) gradient(y, x) -= 2 * (image(y + 1, x) - image(y, x));
    }
  return gradient;
}

}  // namespace cnn
