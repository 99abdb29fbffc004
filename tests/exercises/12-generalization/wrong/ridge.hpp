// The mistake that a reader is most likely to make.
#pragma once

#include "12-generalization/cholesky.hpp"

namespace cnn {

// Adds lambda to every cell, not only to those on the diagonal.
inline Tensor<double> ridge_weights(const Tensor<double>& features,
                                    const Tensor<double>& targets,
                                    double lambda) {
  Tensor<double> squares = product(features, transposed(features));
  for (double& cell : squares.data()) cell += lambda;
  for (int i = 0; i < squares.extent(0); ++i) squares(i, i) += 1e-9;
  return solved_by(cholesky(squares), product(features, targets));
}

}  // namespace cnn
