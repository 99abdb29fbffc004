// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

#include "11-optimizers/by_hand.hpp"

namespace cnn {

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>()>;

// Gives two equal gradients and looks whether the two steps are equal.
// Adam's are, although Adam remembers.
inline bool remembers(const MakeOptimizer& make) {
  const double once = end_after(*make(), {1}, 0.1);
  const double twice = end_after(*make(), {1, 1}, 0.1);
  return std::abs(twice - 2 * once) > 1e-5;
}

}  // namespace cnn
