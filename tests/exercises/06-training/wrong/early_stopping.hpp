// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// Compares with the epoch before, not with the best so far.
inline int epoch_to_keep(const std::vector<double>& losses, int patience) {
  int best = 0, waited = 0;
  for (std::size_t epoch = 1; epoch < losses.size(); ++epoch) {
    if (losses[epoch] < losses[epoch - 1]) {
      best = static_cast<int>(epoch);
      waited = 0;
    } else if (++waited >= patience) {
      break;
    }
  }
  return best;
}

}  // namespace cnn
