// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>
#include <stdexcept>

#include "08-seeing/principal_components.hpp"

namespace cnn {

// Adds up standard deviations. Those of different directions do not add up
// to anything; only the variances do.
inline int directions_needed(const Tensor<double>& points, double share) {
  if (!(share > 0 && share <= 1))
    throw std::invalid_argument("directions_needed: no share");
  const int D = points.extent(1);
  const auto all = principal_components(points, D);
  double total = 0, held = 0;
  for (const double variance : all.variances) total += std::sqrt(variance);
  int count = 0;
  for (const double variance : all.variances) {
    held += std::sqrt(variance);
    ++count;
    if (held >= (share - 1e-9) * total) break;
  }
  return count;
}

}  // namespace cnn
