// One way to solve exercises/directions_needed.hpp.
#pragma once

#include "08-seeing/principal_components.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

inline int directions_needed(const Tensor<double>& points, double share) {
  if (!(share > 0 && share <= 1))  // also true for NaN
    fail(Refusal::argument,
         "directions_needed: expected a share above 0, at most 1");
  const int D = points.extent(1);
  const auto all = principal_components(points, D);
  double held = 0;
  int count = 0;
  for (const double variance : all.variances) {
    held += variance;
    ++count;
    if (held >= (share - 1e-9) * all.total_variance) break;
  }
  return count;
}

}  // namespace cnn
