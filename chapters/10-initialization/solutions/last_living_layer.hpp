// One way to solve exercises/last_living_layer.hpp.
#pragma once

#include <string>

#include "10-initialization/signal.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

inline int last_living_layer(double deviation, int inputs, int width,
                             double size, double limit) {
  const double variance = deviation * deviation;
  if (!(deviation > 0 && inputs > 0 && width > 0 && size > 0 && limit > 0 &&
        size_factor(variance, width) < 1))
    fail(Refusal::argument,
         "last_living_layer: expected numbers above 0 and a factor below "
         "1, got deviation " +
             std::to_string(deviation) + ", inputs " +
             std::to_string(inputs) + ", width " + std::to_string(width) +
             ", size " + std::to_string(size) + ", limit " +
             std::to_string(limit));
  size *= size_factor(variance, inputs);
  int layer = 0;
  for (; size > limit; ++layer) size *= size_factor(variance, width);
  return layer;
}

}  // namespace cnn
