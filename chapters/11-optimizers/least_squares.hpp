// Least squares: finds the mix of some rows of numbers that comes nearest
// to a target.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Solves matrix x = right by Gaussian elimination with partial pivoting.
// matrix (n, n), right (n) -> x (n)
// Throws std::runtime_error if the matrix has no inverse, and
// std::invalid_argument if a number is not finite.
inline std::vector<double> solved(Tensor<double> matrix,
                                  std::vector<double> right) {
  const int n = static_cast<int>(right.size());
  require_shape(matrix.shape(), {n, n}, "solved", "matrix");
  for (const auto numbers : {std::span<const double>(matrix.data()),
                             std::span<const double>(right)})
    for (const double number : numbers)
      if (!std::isfinite(number))
        fail(Refusal::argument, "solved: expected finite numbers, got " +
                                    std::to_string(number));
  const auto at = [&](int i) -> double& {
    return right[static_cast<std::size_t>(i)];
  };
  for (int i = 0; i < n; ++i) {
    int pivot = i;
    for (int r = i + 1; r < n; ++r)
      if (std::abs(matrix(r, i)) > std::abs(matrix(pivot, i))) pivot = r;
    if (!(std::abs(matrix(pivot, i)) > 0))
      fail(Refusal::runtime, "solved: the matrix has no inverse");
    for (int c = 0; c < n; ++c) std::swap(matrix(i, c), matrix(pivot, c));
    std::swap(at(i), at(pivot));
    for (int r = i + 1; r < n; ++r) {
      const double share = matrix(r, i) / matrix(i, i);
      for (int c = i; c < n; ++c) matrix(r, c) -= share * matrix(i, c);
      at(r) -= share * at(i);
    }
  }
  for (int i = n; i-- > 0;) {
    for (int c = i + 1; c < n; ++c) at(i) -= matrix(i, c) * at(c);
    at(i) /= matrix(i, i);
  }
  return right;
}

// Collects what least squares needs to know about samples, each of which
// has some rows of inputs and a target: the sums of their products. A mix
// is the sum of the rows, each multiplied by its coefficient.
class LeastSquares {
 public:
  // inputs: the number of rows in a sample
  explicit LeastSquares(int inputs)
      : products_({inputs, inputs}),
        with_target_(static_cast<std::size_t>(inputs)) {}

  // Adds one sample. Each row is as long as the target, and the order of
  // the rows is that of the coefficients.
  void add(const std::deque<std::vector<float>>& inputs,
           const std::vector<float>& target) {
    require_length(inputs.size(), with_target_.size(), "rows");
    for (const auto& row : inputs)
      require_length(row.size(), target.size(), "numbers in a row");
    for (int a = 0; a < products_.extent(0); ++a) {
      const auto& row = inputs[static_cast<std::size_t>(a)];
      with_target_[static_cast<std::size_t>(a)] += dot(row, target);
      for (int b = 0; b <= a; ++b) {
        products_(a, b) += dot(row, inputs[static_cast<std::size_t>(b)]);
        products_(b, a) = products_(a, b);
      }
    }
    target_ += dot(target, target);
  }

  // The coefficients whose mix comes nearest to the targets. If some rows
  // are mixes of others, many coefficients are equally good, and a
  // trillionth of the rows' mean square, added to the diagonal, picks the
  // smallest. All 0 if all inputs are 0.
  std::vector<double> best() const {
    Tensor<double> products = products_;
    const int n = products.extent(0);
    double mean = 0;
    for (int a = 0; a < n; ++a) mean += products(a, a) / n;
    if (mean == 0) return std::vector<double>(with_target_.size());
    for (int a = 0; a < n; ++a) products(a, a) += 1e-12 * mean;
    return solved(products, with_target_);
  }

  // The share of the targets' sum of squares that the mix with these
  // coefficients explains; 0 if all targets are 0.
  double explained(const std::vector<double>& coefficients) const {
    require_length(coefficients.size(), with_target_.size(),
                   "coefficients");
    if (target_ == 0) return 0;
    double error = target_;
    for (int a = 0; a < products_.extent(0); ++a) {
      const double x = coefficients[static_cast<std::size_t>(a)];
      error -= 2 * x * with_target_[static_cast<std::size_t>(a)];
      for (int b = 0; b < products_.extent(0); ++b)
        error +=
            x * coefficients[static_cast<std::size_t>(b)] * products_(a, b);
    }
    return 1 - error / target_;
  }

  // Returns the coefficients `shape`, all multiplied by the one factor that
  // brings their mix nearest to the targets (0 if the mix itself is 0).
  std::vector<double> scaled(std::vector<double> shape) const {
    require_length(shape.size(), with_target_.size(), "coefficients");
    double own = 0, product = 0;
    for (int a = 0; a < products_.extent(0); ++a) {
      const double x = shape[static_cast<std::size_t>(a)];
      product += x * with_target_[static_cast<std::size_t>(a)];
      for (int b = 0; b < products_.extent(0); ++b)
        own += x * shape[static_cast<std::size_t>(b)] * products_(a, b);
    }
    for (double& x : shape) x *= own > 0 ? product / own : 0;
    return shape;
  }

 private:
  static void require_length(std::size_t got, std::size_t wanted,
                             const char* what) {
    if (got != wanted)
      fail(Refusal::argument, "LeastSquares: expected " +
                                  std::to_string(wanted) + " " + what +
                                  ", got " + std::to_string(got));
  }

  static double dot(const std::vector<float>& a,
                    const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
  }

  Tensor<double> products_;          // sums of row times row
  std::vector<double> with_target_;  // sums of row times target
  double target_ = 0;                // sum of the targets' squares
};

}  // namespace cnn
