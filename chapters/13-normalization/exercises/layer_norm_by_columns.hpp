// Exercise 4 of chapter 13, fifteen minutes.
//
// All that you have is standardized_columns() below, a batch normalization
// that gives every column of a matrix mean 0 and variance 1. Use it to
// build layer normalization for images (N, C, H, W), without computing a
// mean yourself. You may rearrange numbers before and after the call.
//
// input (N, C, H, W) -> (N, C, H, W): each image with mean 0 and variance 1
#pragma once

#include "13-normalization/batch_norm.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

// matrix (N, C) -> the same, standardized column by column
inline Tensor<double> standardized_columns(const Tensor<double>& matrix) {
  const int C = matrix.extent(1);
  return batch_norm(matrix, batch_statistics(matrix),
                    Tensor<double>({C}, 1.0), Tensor<double>({C}), 1e-5);
}

inline Tensor<double> layer_norm_by_columns(const Tensor<double>& input) {
  throw NotSolvedYet();
}

}  // namespace cnn
