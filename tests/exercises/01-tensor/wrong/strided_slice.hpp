// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Rounds down where a last, incomplete step still finds a cell.
inline Tensor<> strided_slice(const Tensor<>& image, int y0, int x0,
                              int step) {
  const int H = image.extent(0), W = image.extent(1);
  if (step < 1 || y0 < 0 || y0 >= H || x0 < 0 || x0 >= W)
    throw std::invalid_argument("strided_slice");
  Tensor<> slice({(H - y0) / step, (W - x0) / step});
  for (int y = 0; y < slice.extent(0); ++y)
    for (int x = 0; x < slice.extent(1); ++x)
      slice(y, x) = image(y0 + y * step, x0 + x * step);
  return slice;
}

}  // namespace cnn
