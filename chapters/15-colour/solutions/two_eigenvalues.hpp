// One way to solve exercises/two_eigenvalues.hpp.
#pragma once

#include <cmath>

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> two_eigenvalues(double a, double b, double d) {
  const double middle = (a + d) / 2, half = (a - d) / 2;
  const double apart = std::sqrt(half * half + b * b);
  return Tensor<double>({2}, {middle + apart, middle - apart});
}

}  // namespace cnn
