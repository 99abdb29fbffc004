// One way to solve exercises/branch_factor.hpp.
#pragma once

#include <cmath>

namespace cnn {

inline double branch_factor(int blocks, double target) {
  // (1 + f^2)^blocks = target
  return std::sqrt(std::pow(target, 1.0 / blocks) - 1);
}

}  // namespace cnn
