// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

#include "11-optimizers/by_hand.hpp"

namespace cnn {

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>()>;

// Two equal gradients, and a look at whether the steps are equal, too:
// Adam's are, although it remembers.
inline bool remembers(const MakeOptimizer& make) {
  const double once = end_after(*make(), {1}, 0.1);
  const double twice = end_after(*make(), {1, 1}, 0.1);
  return std::abs(twice - 2 * once) > 1e-5;
}

}  // namespace cnn
