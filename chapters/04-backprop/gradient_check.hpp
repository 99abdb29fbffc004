// Is a gradient right? Nudge every number up and down, and see what the
// loss does.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "common/tensor/tensor.hpp"

namespace cnn {

// Any function of one tensor that returns a single number.
using Loss = std::function<double(const Tensor<double>&)>;

// Central differences: (loss(x + h) - loss(x - h)) / 2h for every number x
// of `at`, the others held still.                                   (4.12)
// at: any shape -> gradient of the same shape
inline Tensor<double> numerical_gradient(const Loss& loss,
                                         Tensor<double> at,
                                         double h = 1e-5) {
  Tensor<double> gradient(at.shape());
  for (std::size_t i = 0; i < at.data().size(); ++i) {
    const double x = at.data()[i];
    at.data()[i] = x + h;
    const double above = loss(at);
    at.data()[i] = x - h;
    const double below = loss(at);
    at.data()[i] = x;
    gradient.data()[i] = (above - below) / (2 * h);
  }
  return gradient;
}

// The largest |a - b| / max(|a|, |b|) over all numbers. Magnitudes under
// 0.001 count as 0.001, because near 0 the differences are rounding alone.
// Throws std::invalid_argument if the shapes differ.
inline double max_relative_error(const Tensor<double>& a,
                                 const Tensor<double>& b) {
  require_shape(b.shape(), a.shape(), "max_relative_error",
                "the second tensor");
  double largest = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i) {
    const double p = a.data()[i], q = b.data()[i];
    const double magnitude = std::max({std::abs(p), std::abs(q), 1e-3});
    const double error = std::abs(p - q) / magnitude;
    if (error > largest || std::isnan(error)) largest = error;
  }
  return largest;
}

// The result of comparing one gradient: its name and how far off it is.
struct GradientCheck {
  std::string name;    // "grad_weight"
  double error = 0.0;  // max_relative_error()
  int numbers = 0;     // how many were compared

  bool passed() const { return error < 1e-6; }
};

// Compares the gradient that a backward pass computed for `at` with central
// differences of the loss. A gradient of the wrong shape fails, too.
inline GradientCheck check_gradient(const std::string& name,
                                    const Tensor<double>& computed,
                                    const Tensor<double>& at,
                                    const Loss& loss, double h = 1e-5) {
  if (computed.shape() != at.shape()) return {name, INFINITY, at.size()};
  return {name,
          max_relative_error(computed, numerical_gradient(loss, at, h)),
          at.size()};
}

// A loss for checking a layer alone: the sum of output times probe, so that
// grad_output is the probe. With random numbers in the probe, mistakes are
// unlikely to cancel.
// output, probe: of one shape
inline double probed(const Tensor<double>& output,
                     const Tensor<double>& probe) {
  require_shape(probe.shape(), output.shape(), "probed", "probe");
  double sum = 0;
  for (std::size_t i = 0; i < output.data().size(); ++i)
    sum += output.data()[i] * probe.data()[i];
  return sum;
}

}  // namespace cnn
