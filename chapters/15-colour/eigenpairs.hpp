// Solves the eigenvalue problem of a symmetric matrix (Jacobi 1846): in
// which directions it only stretches vectors, and by how much.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

template <class T>
struct Eigenpairs {
  std::vector<T> values;  // in descending order
  Tensor<T> vectors;  // (D, D): row k, of length 1, belongs to values[k]
};

// Throws std::invalid_argument unless a matrix is square, symmetric and
// finite.
template <class T>
void require_symmetric(const Tensor<T>& matrix, const char* where) {
  require_rank(matrix.shape(), 2, where, "matrix");
  const int D = matrix.extent(0);
  require_shape(matrix.shape(), {D, D}, where, "matrix");
  for (int p = 0; p < D; ++p)
    for (int q = 0; q < D; ++q)
      if (!std::isfinite(matrix(p, q)) || matrix(p, q) != matrix(q, p))
        fail(Refusal::argument,
             std::string(where) +
                 ": expected a symmetric matrix of finite numbers");
}

// Rotates the matrix, and the rows of `vectors` with it, in the plane of
// the axes p and q, so that matrix(p, q), which must not be 0, becomes 0.
template <class T>
void jacobi_rotation(Tensor<T>& matrix, Tensor<T>& vectors, int p, int q) {
  const T apart = (matrix(q, q) - matrix(p, p)) / (2 * matrix(p, q));
  const T tangent = (apart < 0 ? T(-1) : T(1)) /
                    (std::abs(apart) + std::sqrt(apart * apart + 1));
  const T c = 1 / std::sqrt(tangent * tangent + 1), s = tangent * c;
  const auto turn = [c, s](T& at_p, T& at_q) {
    const T before = at_p;
    at_p = c * before - s * at_q;  // (15.3)
    at_q = s * before + c * at_q;
  };
  for (int i = 0; i < matrix.extent(0); ++i)
    turn(matrix(i, p), matrix(i, q));
  for (int i = 0; i < matrix.extent(0); ++i)
    turn(matrix(p, i), matrix(q, i));
  for (int i = 0; i < matrix.extent(0); ++i)
    turn(vectors(p, i), vectors(q, i));
  matrix(p, q) = matrix(q, p) = 0;
}

// All pairs with matrix v = value v (15.1). A rotation makes one number off
// the diagonal 0, but spoils zeros that others have made. So we sweep over
// them again and again until all are negligible. The number of largest
// magnitude in each v is positive. matrix (D, D), symmetric
template <class T>
Eigenpairs<T> eigenpairs(Tensor<T> matrix) {
  require_symmetric(matrix, "eigenpairs");
  const int D = matrix.extent(0);
  Tensor<T> vectors({D, D});
  for (int i = 0; i < D; ++i) vectors(i, i) = 1;
  T all = 0;
  for (const T number : matrix.data()) all += number * number;
  const T small = std::numeric_limits<T>::epsilon();
  for (int sweep = 0; sweep < 50; ++sweep) {
    T off_diagonal = 0;
    for (int p = 0; p < D; ++p)
      for (int q = p + 1; q < D; ++q)
        off_diagonal += matrix(p, q) * matrix(p, q);
    if (off_diagonal <= small * small * all) break;
    for (int p = 0; p < D; ++p)
      for (int q = p + 1; q < D; ++q)
        if (matrix(p, q) != 0) jacobi_rotation(matrix, vectors, p, q);
  }
  std::vector<int> order(static_cast<std::size_t>(D));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int p, int q) {
    return matrix(p, p) > matrix(q, q);
  });
  Eigenpairs<T> pairs{{}, Tensor<T>({D, D})};
  for (int k = 0; k < D; ++k) {
    const int from = order[static_cast<std::size_t>(k)];
    pairs.values.push_back(matrix(from, from));
    const auto v = row_of(vectors, from);
    const T largest = *std::max_element(
        v.begin(), v.end(),
        [](T one, T other) { return std::abs(one) < std::abs(other); });
    for (int i = 0; i < D; ++i)
      pairs.vectors(k, i) = (largest < 0 ? -1 : 1) * vectors(from, i);
  }
  return pairs;
}

}  // namespace cnn
