// One way to solve exercises/smooth_saliency.hpp.
#pragma once

#include <functional>

#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<> smooth_saliency(
    const std::function<Tensor<>(const Tensor<>&)>& saliency,
    const Tensor<>& image, int copies, float size, Random& random) {
  Tensor<> mean(image.shape());
  for (int i = 0; i < copies; ++i) {
    Tensor<> copy = image;  // a fresh copy for each map
    for (float& pixel : copy.data()) pixel += size * random.normal();
    const Tensor<> map = saliency(copy);
    for (std::size_t p = 0; p < map.data().size(); ++p)
      mean.data()[p] += map.data()[p] / static_cast<float>(copies);
  }
  return mean;
}

}  // namespace cnn
