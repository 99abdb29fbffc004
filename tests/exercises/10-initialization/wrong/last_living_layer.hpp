// The mistake that a reader is most likely to make.
#pragma once

#include <stdexcept>

#include "10-initialization/signal.hpp"

namespace cnn {

// Uses the later layers' factor for the first one, too.
inline int last_living_layer(double deviation, int inputs, int width,
                             double size, double limit) {
  const double factor = size_factor(deviation * deviation, width);
  if (!(deviation > 0 && inputs > 0 && size > 0 && limit > 0 && factor < 1))
    throw std::invalid_argument("last_living_layer: no such network");
  int layer = 0;
  for (size *= factor; size > limit; ++layer) size *= factor;
  return layer;
}

}  // namespace cnn
