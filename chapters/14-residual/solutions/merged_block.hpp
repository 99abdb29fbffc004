// One way to solve exercises/merged_block.hpp.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> merged_block(const Tensor<double>& weight) {
  Tensor<double> merged = weight;
  const int middle = weight.extent(2) / 2;
  for (int c = 0; c < weight.extent(0); ++c)
    merged(c, c, middle, middle) += 1;
  return merged;
}

}  // namespace cnn
