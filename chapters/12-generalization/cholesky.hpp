// Solves systems of equations whose matrix is F F^T for some F: half the
// work of elimination, and no pivot to look for.
// Book: book/12-generalization.md
#pragma once

#include <cmath>
#include <string>

#include "07-speed/im2col.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// left (M, K) times right (K, N) -> (M, N)
inline Tensor<double> product(const Tensor<double>& left,
                              const Tensor<double>& right) {
  require_rank(left.shape(), 2, "product", "left");
  require_rank(right.shape(), 2, "product", "right");
  const int M = left.extent(0), K = left.extent(1), N = right.extent(1);
  require_shape(right.shape(), {K, N}, "product", "right");
  Tensor<double> result({M, N});
  add_product(left.data().data(), right.data().data(), result.data().data(),
              M, K, N);
  return result;
}

// The triangle L, 0 above its diagonal, for which L L^T is the matrix
// (Cholesky, about 1910). matrix (n, n), symmetric -> (n, n)
// Throws std::runtime_error if there is no such L with an inverse, that is,
// unless the matrix is positive definite.
inline Tensor<double> cholesky(const Tensor<double>& matrix) {
  require_rank(matrix.shape(), 2, "cholesky", "matrix");
  const int n = matrix.extent(0);
  require_shape(matrix.shape(), {n, n}, "cholesky", "matrix");
  Tensor<double> L({n, n});
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) {
      double left = matrix(i, j);
      for (int k = 0; k < j; ++k) left -= L(i, k) * L(j, k);
      if (j < i) {
        L(i, j) = left / L(j, j);
        continue;
      }
      if (!(left > 0))
        fail(Refusal::runtime, "cholesky: nothing is left for row " +
                                   std::to_string(i) +
                                   ", so the matrix has no inverse");
      L(i, i) = std::sqrt(left);
    }
  return L;
}

// Solves L L^T X = right, by substituting down the triangle and up again.
// L (n, n), right (n, m) -> X (n, m)
inline Tensor<double> solved_by(const Tensor<double>& L,
                                Tensor<double> right) {
  const int n = L.extent(0), m = right.extent(1);
  require_shape(right.shape(), {n, m}, "solved_by", "right");
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < i; ++k)
      for (int c = 0; c < m; ++c) right(i, c) -= L(i, k) * right(k, c);
    for (int c = 0; c < m; ++c) right(i, c) /= L(i, i);
  }
  for (int i = n; i-- > 0;) {
    for (int k = i + 1; k < n; ++k)
      for (int c = 0; c < m; ++c) right(i, c) -= L(k, i) * right(k, c);
    for (int c = 0; c < m; ++c) right(i, c) /= L(i, i);
  }
  return right;
}

// The weights with which the p features of n examples come nearest to the
// targets, by least squares. If many weights do so equally well, the ones
// with the smallest sum of squares. Throws as cholesky() does.
// features (p, n), targets (n, m) -> weights (p, m)
inline Tensor<double> least_norm_weights(const Tensor<double>& features,
                                         const Tensor<double>& targets) {
  const Tensor<double> transpose = transposed(features);
  if (features.extent(0) <= features.extent(1))
    return solved_by(cholesky(product(features, transpose)),
                     product(features, targets));  // (12.3)
  return product(features, solved_by(cholesky(product(transpose, features)),
                                     targets));  // (12.4)
}

}  // namespace cnn
