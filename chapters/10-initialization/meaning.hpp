// What a layer does to the likeness of two signals: the size is one thing,
// what the signal says is another.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "common/tensor/fail.hpp"

namespace cnn {

// The cosine of two signals behind a wide layer of random weights and ReLU,
// given that before it. Cho and Saul 2009 ("Kernel methods for deep
// learning", the arc-cosine kernel of order 1): with theta = acos rho,
//   rho' = (sin theta + (pi - theta) cos theta) / pi               (10.3)
// Throws std::invalid_argument unless rho is from -1 to 1.
inline double cosine_behind_relu(double rho) {
  if (!(rho >= -1 && rho <= 1))
    fail(Refusal::argument,
         "cosine_behind_relu: expected a cosine from -1 to 1, got " +
             std::to_string(rho));
  const double theta = std::acos(rho);
  return (std::sqrt(1 - rho * rho) + (std::numbers::pi - theta) * rho) /
         std::numbers::pi;
}

// The same behind 0, 1, ... depth layers.
inline std::vector<double> cosines_by_formula(double rho, int depth) {
  std::vector<double> cosines = {rho};
  for (int layer = 0; layer < depth; ++layer)
    cosines.push_back(
        cosine_behind_relu(std::min(1.0, cosines.back())));
  return cosines;
}

}  // namespace cnn
