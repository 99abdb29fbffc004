// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

namespace cnn {

// Shares the smoothing among the wrong classes alone.
inline double smoothed_gap(double smoothing, int classes) {
  return std::log((1 - smoothing) * (classes - 1) / smoothing);
}

}  // namespace cnn
