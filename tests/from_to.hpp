// A random integer from `low` to `high`, both included.
#pragma once

#include "common/tensor/random.hpp"

inline int from_to(int low, int high, cnn::Random& random) {
  return low + random.below(high - low + 1);
}
