// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

namespace cnn {

// Takes momentum for the share that is kept, as it is in chapter 06.
inline double stray_mean(double start, double bias, double momentum,
                         int passes) {
  const double left = std::pow(momentum, passes);
  return left * start + (1 - left) * bias;
}

}  // namespace cnn
