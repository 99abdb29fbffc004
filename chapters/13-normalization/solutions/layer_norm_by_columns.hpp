// One way to solve exercises/layer_norm_by_columns.hpp.
#pragma once

#include "13-normalization/batch_norm.hpp"

namespace cnn {

inline Tensor<double> standardized_columns(const Tensor<double>& matrix) {
  const int C = matrix.extent(1);
  return batch_norm(matrix, batch_statistics(matrix),
                    Tensor<double>({C}, 1.0), Tensor<double>({C}), 1e-5);
}

inline Tensor<double> layer_norm_by_columns(const Tensor<double>& input) {
  const int N = input.extent(0), cells = input.size() / N;
  // Each image becomes a column.
  Tensor<double> columns({cells, N}), output({N, cells});
  const Tensor<double> rows = input.reshaped({N, cells});
  for (int n = 0; n < N; ++n)
    for (int i = 0; i < cells; ++i) columns(i, n) = rows(n, i);
  columns = standardized_columns(columns);
  for (int n = 0; n < N; ++n)
    for (int i = 0; i < cells; ++i) output(n, i) = columns(i, n);
  return output.reshaped(input.shape());
}

}  // namespace cnn
