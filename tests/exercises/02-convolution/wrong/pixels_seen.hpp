// The mistake that a reader is most likely to make.
#pragma once

#include <vector>

namespace cnn {

// Forgets that the cells lie farther apart after a stride.
inline int pixels_seen(const std::vector<int>& kernels,
                       const std::vector<int>&) {
  int seen = 1;
  for (const int K : kernels) seen += K - 1;
  return seen;
}

}  // namespace cnn
