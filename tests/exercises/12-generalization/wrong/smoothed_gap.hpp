// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

namespace cnn {

// The smoothing is shared by the wrong classes alone.
inline double smoothed_gap(double smoothing, int classes) {
  return std::log((1 - smoothing) * (classes - 1) / smoothing);
}

}  // namespace cnn
