// One way to solve exercises/white_on_black.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<> white_on_black(const Tensor<>& image) {
  const int H = image.extent(0), W = image.extent(1);
  double all = 0, border = 0;
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      const auto pixel = static_cast<double>(image(y, x));
      all += pixel;
      if (y == 0 || x == 0 || y == H - 1 || x == W - 1) border += pixel;
    }
  const int border_cells = 2 * (H + W) - 4;
  if (border / border_cells <= all / image.size()) return image;
  Tensor<> exchanged = image;
  for (float& pixel : exchanged.data()) pixel = 1 - pixel;
  return exchanged;
}

}  // namespace cnn
