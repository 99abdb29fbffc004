// What all layers of this chapter do: they divide their numbers into sets
// and give each set mean 0 and variance 1. They differ only in what a set
// is, so they all pass their numbers in the form (A, S, B), where set s
// holds the numbers (a, s, b) for every a and b. Chapter 01's reshape
// brings any map into this form.
// Book: book/13-normalization.md
#pragma once

#include <cmath>
#include <string>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The mean and the variance of each set: mean (S)  variance (S)
template <class T>
struct SetStatistics {
  Tensor<T> mean, variance;
};

// Throws std::invalid_argument unless epsilon is above 0 and finite, so
// that it keeps a standard deviation above 0.
inline void require_epsilon(double epsilon, const std::string& where) {
  if (!(epsilon > 0 && std::isfinite(epsilon)))
    fail(Refusal::argument, where + ": expected an epsilon above 0, got " +
                                short_text(epsilon));
}

// numbers (A, S, B) -> mean (S)  variance (S), both 0 if the sets are empty
// The sums are in double, because a float would round too much away where a
// batch has so many numbers. The variance takes a second pass, because the
// mean of squares minus the square of the mean has few correct digits where
// the mean is large.
template <class T>
SetStatistics<T> set_statistics(const Tensor<T>& numbers) {
  require_rank(numbers.shape(), 3, "set_statistics", "numbers");
  const int A = numbers.extent(0), S = numbers.extent(1),
            B = numbers.extent(2);
  const double m = A * B > 0 ? A * B : 1;
  SetStatistics<T> stats{Tensor<T>({S}), Tensor<T>({S})};
  for (int s = 0; s < S; ++s) {
    double sum = 0, squares = 0;
    for (int a = 0; a < A; ++a)
      for (int b = 0; b < B; ++b)
        sum += static_cast<double>(numbers(a, s, b));
    const double mean = sum / m;  // (13.1)
    for (int a = 0; a < A; ++a)
      for (int b = 0; b < B; ++b) {
        const double d = static_cast<double>(numbers(a, s, b)) - mean;
        squares += d * d;
      }
    stats.mean(s) = static_cast<T>(mean);
    stats.variance(s) = static_cast<T>(squares / m);  // (13.2)
  }
  return stats;
}

// sigma, by which set s is divided: a little more than its standard
// deviation, because epsilon keeps it above 0 where all numbers are equal.
template <class T>
T set_deviation(const SetStatistics<T>& stats, int s, double epsilon) {
  return std::sqrt(stats.variance(s) + static_cast<T>(epsilon));
}

// Subtracts each set's mean from its numbers and divides them by sigma.
// numbers (A, S, B) -> x_hat (A, S, B)
template <class T>
Tensor<T> standardized(const Tensor<T>& numbers,
                       const SetStatistics<T>& stats, double epsilon) {
  require_rank(numbers.shape(), 3, "standardized", "numbers");
  Tensor<T> x_hat(numbers.shape());
  for (int a = 0; a < numbers.extent(0); ++a)
    for (int s = 0; s < numbers.extent(1); ++s) {
      const T sigma = set_deviation(stats, s, epsilon);
      for (int b = 0; b < numbers.extent(2); ++b)
        x_hat(a, s, b) =
            (numbers(a, s, b) - stats.mean(s)) / sigma;  // (13.3)
    }
  return x_hat;
}

// The gradient with respect to the numbers, given `grad`, the one with
// respect to x_hat. Each number also moves the mean and the variance of its
// set, and so the x_hat of all the others. The result is `grad` without its
// mean and without the part along x_hat, divided by sigma.
// grad (A, S, B)  x_hat (A, S, B) -> (A, S, B)
template <class T>
Tensor<T> standardized_backward(const Tensor<T>& grad,
                                const Tensor<T>& x_hat,
                                const SetStatistics<T>& stats,
                                double epsilon) {
  require_shape(grad.shape(), x_hat.shape(), "standardized_backward",
                "grad");
  const int A = grad.extent(0), S = grad.extent(1), B = grad.extent(2);
  const double m = A * B > 0 ? A * B : 1;
  Tensor<T> result(grad.shape());
  for (int s = 0; s < S; ++s) {
    double sum = 0, leaning = 0;
    for (int a = 0; a < A; ++a)
      for (int b = 0; b < B; ++b) {
        const auto g = static_cast<double>(grad(a, s, b));
        sum += g;
        leaning += g * static_cast<double>(x_hat(a, s, b));
      }
    const T sigma = set_deviation(stats, s, epsilon);
    const T mean = static_cast<T>(sum / m),
            lean = static_cast<T>(leaning / m);
    for (int a = 0; a < A; ++a)
      for (int b = 0; b < B; ++b)
        result(a, s, b) =
            (grad(a, s, b) - mean - x_hat(a, s, b) * lean) / sigma;
  }  // (13.7)
  return result;
}

// Multiplies set s by weight s (gamma) and adds bias s (beta), so that
// training can give each set the spread and the mean that serve it best.
// x_hat (A, S, B)  weight, bias: S numbers of any shape -> (A, S, B)
template <class T>
Tensor<T> scaled_and_shifted(Tensor<T> x_hat, const Tensor<T>& weight,
                             const Tensor<T>& bias) {
  const auto gamma = weight.data(), beta = bias.data();
  for (int a = 0; a < x_hat.extent(0); ++a)
    for (int s = 0; s < x_hat.extent(1); ++s)
      for (int b = 0; b < x_hat.extent(2); ++b) {
        const auto i = static_cast<std::size_t>(s);
        x_hat(a, s, b) = gamma[i] * x_hat(a, s, b) + beta[i];  // (13.4)
      }
  return x_hat;
}

// The gradients with respect to the input, the weight and the bias of a
// normalization layer, each in the shape of what it belongs to.
template <class T>
struct NormGradients {
  Tensor<T> input, weight, bias;
};

// The backward pass of scaled_and_shifted(). The result's `input` is the
// gradient with respect to x_hat.
// grad_output (A, S, B)  x_hat (A, S, B)  weight: S numbers
template <class T>
NormGradients<T> scaled_and_shifted_backward(const Tensor<T>& grad_output,
                                             const Tensor<T>& x_hat,
                                             const Tensor<T>& weight) {
  const int A = x_hat.extent(0), S = x_hat.extent(1), B = x_hat.extent(2);
  NormGradients<T> grads{Tensor<T>(x_hat.shape()),
                         Tensor<T>(weight.shape()),
                         Tensor<T>(weight.shape())};
  for (int s = 0; s < S; ++s) {
    const auto i = static_cast<std::size_t>(s);
    double grad_weight = 0, grad_bias = 0;
    for (int a = 0; a < A; ++a)
      for (int b = 0; b < B; ++b) {
        const T g = grad_output(a, s, b);
        grad_weight += static_cast<double>(g * x_hat(a, s, b));
        grad_bias += static_cast<double>(g);
        grads.input(a, s, b) = weight.data()[i] * g;
      }
    grads.weight.data()[i] = static_cast<T>(grad_weight);  // (13.5)
    grads.bias.data()[i] = static_cast<T>(grad_bias);      // (13.6)
  }
  return grads;
}

}  // namespace cnn
