// Double descent where it can be seen: a polynomial through eleven points
// that are a little off a curve.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "07-speed/measure.hpp"
#include "12-generalization/cholesky.hpp"
#include "12-generalization/double_descent.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The curve that the points are meant to lie on.
inline double true_curve(double x) {
  return x / (x * x + 0.3);
}

struct NoisyPoints {
  std::vector<double> x, y;
};

// `count` points at equal distances from -1 to 1, each moved off the curve
// by normal noise whose standard deviation is `noise`.
// Throws std::invalid_argument for fewer than two points.
inline NoisyPoints noisy_points(int count, double noise,
                                std::uint64_t seed) {
  if (count < 2)
    fail(Refusal::argument,
         "noisy_points: expected 2 points or more, got " +
             std::to_string(count));
  Random random(seed);
  NoisyPoints points;
  for (int i = 0; i < count; ++i) {
    points.x.push_back(-1 + 2.0 * i / (count - 1));
    points.y.push_back(true_curve(points.x.back()) +
                       noise * static_cast<double>(random.normal()));
  }
  return points;
}

// Chebyshev polynomials of degree 0 to p - 1 as features. They stay
// between -1 and 1. T_k is divided by k + 1, so that a curve can wriggle
// only with large coefficients.
//   T_0 = 1, T_1 = x, T_(k+1) = 2 x T_k - T_(k-1)
// x: N places -> features (p, N)
inline Tensor<double> polynomial_features(const std::vector<double>& x,
                                          int p) {
  Tensor<double> features({p, static_cast<int>(x.size())});
  for (std::size_t i = 0; i < x.size(); ++i) {
    double now = 1, next = x[i];
    for (int k = 0; k < p; ++k) {
      features(k, static_cast<int>(i)) = now / (k + 1);
      const double after = 2 * x[i] * next - now;
      now = next;
      next = after;
    }
  }
  return features;
}

// The polynomial whose coefficients have the least norm among those that
// come nearest to the points, and its values at some places.
struct FittedCurve {
  int features = 0;  // coefficients
  std::vector<double> y;
  double norm = 0;   // of the coefficients
  double error = 0;  // root mean square distance from the true curve
};

inline FittedCurve compute_curve(const NoisyPoints& points, int p,
                                 const std::vector<double>& places) {
  const int n = static_cast<int>(points.y.size());
  const Tensor<double> weights = least_norm_weights(
      polynomial_features(points.x, p), Tensor<double>({n, 1}, points.y));
  const Tensor<double> fitted =
      product(transposed(polynomial_features(places, p)), weights);
  FittedCurve curve{p, {}, norm_of(weights), 0};
  double squares = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    curve.y.push_back(fitted(static_cast<int>(i), 0));
    const double off = curve.y.back() - true_curve(places[i]);
    squares += off * off;
  }
  curve.error =
      std::sqrt(squares / static_cast<double>(
                              std::max<std::size_t>(places.size(), 1)));
  return curve;
}

// The ends of `steps` equal steps from -1 to 1.
inline std::vector<double> places_between(int steps) {
  std::vector<double> places;
  for (int i = 0; i <= steps; ++i) places.push_back(-1 + 2.0 * i / steps);
  return places;
}

// The medians over some draws of the noise.
struct CurveMedians {
  int features = 0;
  double error = 0, norm = 0;
};

inline CurveMedians compute_curve_medians(int points, double noise, int p,
                                          int draws, std::uint64_t seed) {
  const std::vector<double> places = places_between(200);
  std::vector<double> errors, norms;
  for (int i = 0; i < draws; ++i, ++seed) {
    const FittedCurve curve =
        compute_curve(noisy_points(points, noise, seed), p, places);
    errors.push_back(curve.error);
    norms.push_back(curve.norm);
  }
  return {p, median(errors), median(norms)};
}

}  // namespace cnn
