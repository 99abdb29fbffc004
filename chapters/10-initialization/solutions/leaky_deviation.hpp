// One way to solve exercises/leaky_deviation.hpp.
#pragma once

#include <cmath>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline double leaky_deviation(const Shape& weight, double slope) {
  if (weight.size() != 2 && weight.size() != 4)
    fail(Refusal::argument,
         "leaky_deviation: expected a shape of rank 2 or 4, got " +
             to_string(weight));
  double fan_in = 1;  // all extents but the first
  for (std::size_t axis = 1; axis < weight.size(); ++axis)
    fan_in *= weight[axis];
  return std::sqrt(2 / ((1 + slope * slope) * fan_in));
}

}  // namespace cnn
