// One way to solve exercises/early_stopping.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline int epoch_to_keep(const std::vector<double>& losses, int patience) {
  int best = 0;
  for (int epoch = 1; epoch < static_cast<int>(losses.size()); ++epoch) {
    if (losses[static_cast<std::size_t>(epoch)] <
        losses[static_cast<std::size_t>(best)])
      best = epoch;
    if (epoch - best >= patience) break;
  }
  return best;
}

}  // namespace cnn
