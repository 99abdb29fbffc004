// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<double> merged_block(const Tensor<double>& weight) {
  // Adds all channels of the input to each channel, not only its own.
  Tensor<double> merged = weight;
  const int middle = weight.extent(2) / 2;
  for (int co = 0; co < weight.extent(0); ++co)
    for (int ci = 0; ci < weight.extent(1); ++ci)
      merged(co, ci, middle, middle) += 1;
  return merged;
}

}  // namespace cnn
