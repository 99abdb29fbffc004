// Principal components (Pearson 1901): the directions in which points are
// spread out most, so that many numbers per image can be drawn on a page.
// Book: book/08-seeing.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

template <class T>
struct PrincipalComponents {
  Tensor<T> mean;            // (D)
  Tensor<T> directions;      // (count, D), of length 1; 0 if none is left
  std::vector<T> variances;  // along each of these directions
  T total_variance = 0;      // over all D directions
};

// points (N, D), mean (D) -> covariance (D, D)
//   covariance_ij = mean over n of (x_ni - m_i)(x_nj - m_j)          (8.4)
template <class T>
Tensor<T> covariance(const Tensor<T>& points, const Tensor<T>& mean) {
  require_rank(points.shape(), 2, "covariance", "points");
  require_shape(mean.shape(), {points.extent(1)}, "covariance", "mean");
  const int N = points.extent(0), D = points.extent(1);
  Tensor<T> result({D, D});
  std::vector<T> centred(static_cast<std::size_t>(D));
  for (int n = 0; n < N; ++n) {
    for (int i = 0; i < D; ++i)
      centred[static_cast<std::size_t>(i)] = points(n, i) - mean(i);
    for (int i = 0; i < D; ++i)
      for (int j = 0; j < D; ++j)
        result(i, j) += centred[static_cast<std::size_t>(i)] *
                        centred[static_cast<std::size_t>(j)] /
                        static_cast<T>(N);
  }
  return result;
}

// Finds the direction that a symmetric matrix (D, D) stretches most. Fills
// `direction` with D numbers, a vector of length 1, and returns the factor.
// Power iteration multiplies a vector by the matrix again and again, so
// that the part that is stretched most outgrows the rest (von Mises and
// Pollaczek-Geiringer 1929). The sign is chosen so that the entry of the
// largest magnitude is positive. For a matrix of zeros, the direction and
// the factor are 0.
template <class T>
T power_iteration(const Tensor<T>& matrix, std::vector<T>& direction) {
  require_rank(matrix.shape(), 2, "power_iteration", "matrix");
  require_shape(matrix.shape(), {matrix.extent(0), matrix.extent(0)},
                "power_iteration", "matrix");
  const int D = matrix.extent(0);
  Random random(1);
  direction.resize(static_cast<std::size_t>(D));
  for (T& number : direction) number = static_cast<T>(random.normal());
  T stretch = 0;
  for (int turn = 0; turn < 1000; ++turn) {
    std::vector<T> next(direction.size());
    T length = 0, largest = 0;
    for (int i = 0; i < D; ++i) {
      T sum = 0;
      for (int j = 0; j < D; ++j)
        sum += matrix(i, j) * direction[static_cast<std::size_t>(j)];
      next[static_cast<std::size_t>(i)] = sum;  // (8.5)
      length += sum * sum;
    }
    length = std::sqrt(length);
    if (length == 0) {  // the matrix is 0: no direction is left
      direction.assign(direction.size(), T(0));
      return 0;
    }
    for (const T number : next)
      if (std::abs(number) > std::abs(largest)) largest = number;
    T moved = 0;
    for (std::size_t i = 0; i < next.size(); ++i) {
      next[i] /= largest < 0 ? -length : length;
      moved = std::max(moved, std::abs(next[i] - direction[i]));
    }
    direction = next;
    stretch = length;
    if (moved < static_cast<T>(1e-6)) break;
  }
  return stretch;
}

// The `count` directions in which the points are spread out most, each at a
// right angle to those before it. Each direction's part is subtracted from
// the covariance before the next one is searched for.
// points (N, D)
// Throws std::invalid_argument if there are no points, if they are not
// finite, or unless count is from 1 to D.
template <class T>
PrincipalComponents<T> principal_components(const Tensor<T>& points,
                                            int count) {
  require_rank(points.shape(), 2, "principal_components", "points");
  const int N = points.extent(0), D = points.extent(1);
  if (N < 1 || count < 1 || count > D)
    fail(Refusal::argument,
         "principal_components: expected points and 1 to " +
             counted_text(D, "direction") + ", got " +
             counted_text(N, "point") + " and " + std::to_string(count));
  if (!all_finite(points))
    fail(Refusal::argument,
         "principal_components: expected finite numbers in the points");
  PrincipalComponents<T> it{Tensor<T>({D}), Tensor<T>({count, D}), {}, 0};
  for (int n = 0; n < N; ++n)
    for (int i = 0; i < D; ++i)
      it.mean(i) += points(n, i) / static_cast<T>(N);
  Tensor<T> matrix = covariance(points, it.mean);
  for (int i = 0; i < D; ++i) it.total_variance += matrix(i, i);
  std::vector<T> direction;
  for (int k = 0; k < count; ++k) {
    const T variance = power_iteration(matrix, direction);
    it.variances.push_back(variance);
    for (int i = 0; i < D; ++i) {
      const T d_i = direction[static_cast<std::size_t>(i)];
      it.directions(k, i) = d_i;
      for (int j = 0; j < D; ++j)
        matrix(i, j) -=
            variance * d_i * direction[static_cast<std::size_t>(j)];
    }
  }
  return it;
}

// The coordinates of each point along the directions, seen from the mean.
// points (N, D) -> (N, count)
template <class T>
Tensor<T> project(const PrincipalComponents<T>& onto,
                  const Tensor<T>& points) {
  require_rank(points.shape(), 2, "project", "points");
  require_rank(onto.directions.shape(), 2, "project", "directions");
  require_shape(onto.mean.shape(), {onto.directions.extent(1)}, "project",
                "mean");
  const int N = points.extent(0), D = points.extent(1);
  const int count = onto.directions.extent(0);
  require_shape(points.shape(), {N, onto.mean.extent(0)}, "project",
                "points");
  Tensor<T> places({N, count});
  for (int n = 0; n < N; ++n)
    for (int k = 0; k < count; ++k)
      for (int i = 0; i < D; ++i)
        places(n, k) +=
            (points(n, i) - onto.mean(i)) * onto.directions(k, i);
  return places;
}

}  // namespace cnn
