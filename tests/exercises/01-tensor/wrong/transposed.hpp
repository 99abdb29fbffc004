// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// The shape is mended, the index is not: a row has as many cells as there
// are columns, so places must be divided by W and not by H.
inline Tensor<> transposed(const Tensor<>& image) {
  const int H = image.extent(0), W = image.extent(1);
  Tensor<> result({W, H});
  for (int place = 0; place < image.size(); ++place) {
    const int y = place / H % H, x = place % H % W;
    result(x, y) = image.data()[static_cast<std::size_t>(place)];
  }
  return result;
}

}  // namespace cnn
