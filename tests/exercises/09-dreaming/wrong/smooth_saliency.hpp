// The mistake that a reader is most likely to make.
#pragma once

#include <functional>

#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Makes each copy from the one before, so that the noise piles up.
inline Tensor<> smooth_saliency(
    const std::function<Tensor<>(const Tensor<>&)>& saliency,
    const Tensor<>& image, int copies, float size, Random& random) {
  Tensor<> mean(image.shape()), copy = image;
  for (int i = 0; i < copies; ++i) {
    for (float& pixel : copy.data()) pixel += size * random.normal();
    const Tensor<> map = saliency(copy);
    for (std::size_t p = 0; p < map.data().size(); ++p)
      mean.data()[p] += map.data()[p] / static_cast<float>(copies);
  }
  return mean;
}

}  // namespace cnn
