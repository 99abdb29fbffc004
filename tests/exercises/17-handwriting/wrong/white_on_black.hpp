// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Takes whatever is brighter than half for paper: a dim photograph stays
// black on grey.
inline Tensor<> white_on_black(const Tensor<>& image) {
  double sum = 0;
  for (const float pixel : image.data()) sum += static_cast<double>(pixel);
  if (sum / image.size() <= 0.5) return image;
  Tensor<> exchanged = image;
  for (float& pixel : exchanged.data()) pixel = 1 - pixel;
  return exchanged;
}

}  // namespace cnn
