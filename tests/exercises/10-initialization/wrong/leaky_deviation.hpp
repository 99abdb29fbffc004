// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>
#include <stdexcept>

#include "common/tensor/tensor.hpp"

namespace cnn {

// Counts the channels that come in and forgets the kernel's K x K.
inline double leaky_deviation(const Shape& weight, double slope) {
  if (weight.size() != 2 && weight.size() != 4)
    throw std::invalid_argument("leaky_deviation: no weight");
  return std::sqrt(2 / ((1 + slope * slope) * weight[1]));
}

}  // namespace cnn
