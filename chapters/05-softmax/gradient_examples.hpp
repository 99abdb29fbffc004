// The gradient of cross-entropy on small examples: measured, followed for
// one step, compared with another loss's, and averaged over whole batches.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "04-backprop/gradient_check.hpp"
#include "05-softmax/softmax.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// p - y for one image, as computed and as measured by central differences.
// Both are (1, classes).
struct MeasuredGradient {
  Tensor<double> computed, measured;
  double sum = 0;  // of the computed gradient's numbers
};

inline MeasuredGradient measure_gradient(const Tensor<>& logits,
                                         int truth) {
  const Tensor<double> z = convert<double>(logits);
  const std::vector<int> labels = {truth};
  MeasuredGradient result;
  result.computed = cross_entropy_backward(z, labels);
  result.measured = numerical_gradient(
      [&](const Tensor<double>& at) { return cross_entropy(at, labels); },
      z);
  for (const double grad : result.computed.data()) result.sum += grad;
  return result;
}

// One step with learning rate 1 against the gradient.
// logits (1, classes) -> (1, classes)
inline Tensor<> after_one_step(const Tensor<>& logits, int truth) {
  const Tensor<> grad = cross_entropy_backward(logits, {truth});
  Tensor<> after = logits;
  for (int k = 0; k < after.extent(1); ++k) after(0, k) -= grad(0, k);
  return after;
}

// How strongly two losses pull at the score of the true class: the
// gradients of cross-entropy and of the squared shortfall (1 - p_y)^2 with
// respect to that score, where p is p_y.
struct Pull {
  double p = 0, cross_entropy = 0, squared = 0;
};

inline Pull compute_pull(const Tensor<>& logits, int truth) {
  const Tensor<double> z = convert<double>(logits);
  const Tensor<double> squared = numerical_gradient(
      [&](const Tensor<double>& at) {
        const double lacking = 1 - softmax(at)(0, truth);
        return lacking * lacking;
      },
      z);
  return {softmax(z)(0, truth),
          cross_entropy_backward(z, {truth})(0, truth), squared(0, truth)};
}

// Whether the square pulls least where p_y is least.
inline bool square_forsakes_the_least(const std::vector<Pull>& pulls) {
  const auto least_p = std::min_element(
      pulls.begin(), pulls.end(),
      [](const Pull& a, const Pull& b) { return a.p < b.p; });
  return std::all_of(pulls.begin(), pulls.end(), [&](const Pull& it) {
    return std::abs(least_p->squared) <= std::abs(it.squared);
  });
}

// A batch of the same image N times: the first row of its gradient, which
// is (1, classes), and the sum of the true class's column.
struct RepeatedImage {
  int N = 0;
  Tensor<> row;
  float sum_for_truth = 0;
};

inline RepeatedImage repeat_image(const Tensor<>& logits, int truth,
                                  int N) {
  const int classes = logits.extent(1);
  Tensor<> z({N, classes});
  for (int n = 0; n < N; ++n)
    for (int k = 0; k < classes; ++k) z(n, k) = logits(0, k);
  const std::vector<int> labels(static_cast<std::size_t>(N), truth);
  const Tensor<> grad = cross_entropy_backward(z, labels);
  RepeatedImage result{N, item(grad, 0).reshaped({1, classes}), 0};
  for (int n = 0; n < N; ++n) result.sum_for_truth += grad(n, truth);
  return result;
}

// The gradient of a batch of random scores: its error against central
// differences, and the largest distance of a row's sum from 0.
struct BatchCheck {
  int N = 8, classes = 10;
  double error = 0, largest_sum = 0;
};

inline BatchCheck check_batch(std::uint64_t seed) {
  BatchCheck result;
  Random random(seed);
  Tensor<double> z({result.N, result.classes});
  std::vector<int> labels;
  for (double& score : z.data())
    score = 3 * static_cast<double>(random.normal());
  for (int n = 0; n < result.N; ++n)
    labels.push_back(random.below(result.classes));
  const Tensor<double> grad = cross_entropy_backward(z, labels);
  result.error =
      check_gradient("grad_logits", grad, z, [&](const Tensor<double>& at) {
        return cross_entropy(at, labels);
      }).error;
  for (int n = 0; n < result.N; ++n) {
    double sum = 0;
    for (int k = 0; k < result.classes; ++k) sum += grad(n, k);
    result.largest_sum = std::max(result.largest_sum, std::abs(sum));
  }
  return result;
}

}  // namespace cnn
