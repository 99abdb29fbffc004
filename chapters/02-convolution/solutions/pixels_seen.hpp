// One way to solve exercises/pixels_seen.hpp.
#pragma once

#include <vector>

namespace cnn {

inline int pixels_seen(const std::vector<int>& kernels,
                       const std::vector<int>& strides) {
  int seen = 1;  // a pixel sees itself
  int step = 1;  // pixels from one cell of the map to the next
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    seen += (kernels[i] - 1) * step;
    step *= strides[i];
  }
  return seen;
}

}  // namespace cnn
