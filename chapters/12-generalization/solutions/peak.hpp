// One way to solve exercises/peak.hpp.
#pragma once

#include <vector>

#include "12-generalization/double_descent.hpp"

namespace cnn {

inline int size_with_longest_weights(const Tensor<double>& features,
                                     const Tensor<double>& targets,
                                     const std::vector<int>& sizes) {
  int best = 0;
  double longest = -1;
  for (const int p : sizes) {
    const double norm =
        norm_of(least_norm_weights(part_of(features, 0, p), targets));
    if (norm > longest) {
      longest = norm;
      best = p;
    }
  }
  return best;
}

}  // namespace cnn
