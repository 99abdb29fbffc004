// The mistake that a reader is most likely to make.
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// "A scale of 0 lets nothing through, so it gets no gradient."
inline Tensor<double> first_scales(const Tensor<double>& x_hat,
                                   const Tensor<double>&, double) {
  return Tensor<double>({x_hat.extent(1)});
}

}  // namespace cnn
