// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor.hpp"

namespace cnn {

// A bias for each square of weights.
inline int count_parameters(int C_in, int C_out, int K) {
  return C_out * C_in * (K * K + 1);
}

}  // namespace cnn
