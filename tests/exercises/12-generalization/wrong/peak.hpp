// The mistake that a reader is most likely to make.
#pragma once

#include <algorithm>
#include <vector>

#include "12-generalization/double_descent.hpp"

namespace cnn {

// More features have more weights, so their weights must be longest.
inline int size_with_longest_weights(const Tensor<double>&,
                                     const Tensor<double>&,
                                     const std::vector<int>& sizes) {
  return *std::max_element(sizes.begin(), sizes.end());
}

}  // namespace cnn
