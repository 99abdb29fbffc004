// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Cuts the tails off and forgets that what is left scatters less.
inline void truncated_start(Tensor<>& weights, float deviation,
                            Random& random) {
  for (float& number : weights.data()) {
    float z = random.normal();
    while (std::abs(z) > 2) z = random.normal();
    number = deviation * z;
  }
}

}  // namespace cnn
