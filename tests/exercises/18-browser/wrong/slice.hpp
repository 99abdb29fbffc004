// The mistake that a reader is most likely to make.
#pragma once

#include <algorithm>

namespace cnn {

// On a slow phone it takes no step, again and again.
inline int steps_of_slice(double milliseconds, double images_per_second,
                          int batch, int steps_left) {
  const double steps = milliseconds / 1000 * images_per_second / batch;
  return std::min(static_cast<int>(steps), steps_left);
}

}  // namespace cnn
