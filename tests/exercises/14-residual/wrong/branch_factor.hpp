// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>

namespace cnn {

// Forgets that a factor of f makes the variance f^2 times as large, not f.
inline double branch_factor(int blocks, double target) {
  return std::pow(target, 1.0 / blocks) - 1;
}

}  // namespace cnn
