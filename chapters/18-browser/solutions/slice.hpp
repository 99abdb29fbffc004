// One way to solve exercises/slice.hpp.
#pragma once

#include <algorithm>

namespace cnn {

inline int steps_of_slice(double milliseconds, double images_per_second,
                          int batch, int steps_left) {
  const double steps = milliseconds / 1000 * images_per_second / batch;
  // Compared as doubles, because a huge number does not fit into an int.
  if (steps >= steps_left) return steps_left;
  return std::min(std::max(1, static_cast<int>(steps)), steps_left);
}

}  // namespace cnn
