// What all layers of this chapter do: numbers come in sets, and each set is
// given mean 0 and variance 1. The layers differ only in what a set is, so
// they hand over their numbers in one form, (A, S, B): set s holds number
// (a, s, b) for every a and b. Chapter 01's reshape makes that of any map.
// Book: book/13-normalization.md
#pragma once

#include <cmath>
#include <string>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Of every set. mean (S)  variance (S)
template <class T>
struct SetStatistics {
  Tensor<T> mean, variance;
};

// Throws std::invalid_argument unless epsilon can keep a standard deviation
// above 0.
inline void require_epsilon(double epsilon, const std::string& where) {
  if (!(epsilon > 0 && std::isfinite(epsilon)))
    fail(Refusal::argument, where + ": expected an epsilon above 0, got " +
                                short_text(epsilon));
}

// numbers (A, S, B). Where a set is empty both are 0. The sums are kept in
// double: a batch has so many numbers that a float would lose them. The
// variance takes a second pass, because the mean of squares minus the
// square of the mean leaves little where the mean is large.
template <class T>
SetStatistics<T> set_statistics(const Tensor<T>& numbers) {
  require_rank(numbers.shape(), 3, "set_statistics", "numbers");
  const int A = numbers.extent(0), S = numbers.extent(1),
            B = numbers.extent(2);
  const double m = A * B > 0 ? A * B : 1;
  SetStatistics<T> of{Tensor<T>({S}), Tensor<T>({S})};
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
    of.mean(s) = static_cast<T>(mean);
    of.variance(s) = static_cast<T>(squares / m);  // (13.2)
  }
  return of;
}

// What a set is divided by, a little more than its standard deviation:
// epsilon keeps it above 0 where all numbers of a set are equal.
template <class T>
T set_deviation(const SetStatistics<T>& of, int s, double epsilon) {
  return std::sqrt(of.variance(s) + static_cast<T>(epsilon));
}

// numbers (A, S, B) -> x_hat (A, S, B)
template <class T>
Tensor<T> standardized(const Tensor<T>& numbers, const SetStatistics<T>& of,
                       double epsilon) {
  require_rank(numbers.shape(), 3, "standardized", "numbers");
  Tensor<T> x_hat(numbers.shape());
  for (int a = 0; a < numbers.extent(0); ++a)
    for (int s = 0; s < numbers.extent(1); ++s) {
      const T sigma = set_deviation(of, s, epsilon);
      for (int b = 0; b < numbers.extent(2); ++b)
        x_hat(a, s, b) = (numbers(a, s, b) - of.mean(s)) / sigma;  // (13.3)
    }
  return x_hat;
}

// How the loss changes with the numbers, if it changes with x_hat as `grad`
// says: each number also moves the mean and the variance of its set, and
// with them all the others. What is left of `grad` has no mean and does not
// lean towards x_hat.
// grad (A, S, B)  x_hat (A, S, B) -> (A, S, B)
template <class T>
Tensor<T> standardized_backward(const Tensor<T>& grad,
                                const Tensor<T>& x_hat,
                                const SetStatistics<T>& of,
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
    const T sigma = set_deviation(of, s, epsilon);
    const T mean = static_cast<T>(sum / m),
            lean = static_cast<T>(leaning / m);
    for (int a = 0; a < A; ++a)
      for (int b = 0; b < B; ++b)
        result(a, s, b) =
            (grad(a, s, b) - mean - x_hat(a, s, b) * lean) / sigma;
  }  // (13.7)
  return result;
}

// Then every set, or every cell, may have the mean and the spread that
// serve it best, which training finds.
// x_hat (A, S, B)  weight, bias: S numbers -> (A, S, B)
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

// How the loss changes with what such a layer was given.
template <class T>
struct NormGradients {
  Tensor<T> input, weight, bias;
};

// The backward pass of scaled_and_shifted(), where `input` is x_hat.
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
    double for_weight = 0, for_bias = 0;
    for (int a = 0; a < A; ++a)
      for (int b = 0; b < B; ++b) {
        const T g = grad_output(a, s, b);
        for_weight += static_cast<double>(g * x_hat(a, s, b));
        for_bias += static_cast<double>(g);
        grads.input(a, s, b) = weight.data()[i] * g;
      }
    grads.weight.data()[i] = static_cast<T>(for_weight);  // (13.5)
    grads.bias.data()[i] = static_cast<T>(for_bias);      // (13.6)
  }
  return grads;
}

}  // namespace cnn
