// Exercise 5.
#include "label_smoothing.hpp"

#include "04-backprop/gradient_check.hpp"
#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;
using Doubles = Tensor<double>;

// The formula as it is written, for scores that are not large.
double by_formula(const Doubles& logits, const std::vector<int>& labels,
                  double epsilon) {
  const Doubles p = softmax(logits);
  const int classes = logits.extent(1);
  double loss = 0;
  for (int n = 0; n < logits.extent(0); ++n)
    for (int k = 0; k < classes; ++k) {
      const bool truth = k == labels[static_cast<std::size_t>(n)];
      const double q = (truth ? 1 - epsilon : 0) + epsilon / classes;
      loss -= q * std::log(p(n, k));
    }
  return loss / logits.extent(0);
}

}  // namespace

EXERCISE(label_smoothing) {
  const auto input = [](const Doubles& logits,
                        const std::vector<int>& labels, double epsilon) {
    return text_of(logits) + ", labels " + to_string(labels) +
           ", epsilon " + text_of(epsilon);
  };
  const auto loss = [&](const Doubles& logits,
                        const std::vector<int>& labels, double epsilon,
                        double expected) {
    check.equal(
        "the loss of " + input(logits, labels, epsilon), expected,
        [&] { return smoothed_cross_entropy(logits, labels, epsilon); });
  };
  const auto gradient = [&](const Doubles& logits,
                            const std::vector<int>& labels,
                            double epsilon) {
    check.equal("the gradient of " + input(logits, labels, epsilon),
                numerical_gradient(
                    [&](const Doubles& at) {
                      return by_formula(at, labels, epsilon);
                    },
                    logits),
                [&] {
                  return smoothed_cross_entropy_backward(logits, labels,
                                                         epsilon);
                });
  };
  const Doubles scores({1, 3}, {2, 1, -1});
  loss(scores, {1}, 0, 1.349012);
  loss(scores, {1}, 1, (0.349012 + 1.349012 + 3.349012) / 3);
  loss(scores, {0}, 0.3, 0.8 * 0.349012 + 0.1 * 1.349012 + 0.1 * 3.349012);
  loss(Doubles({2, 2}, {0, 0, 4, 4}), {0, 1}, 0.1, 0.693147);
  loss(Doubles({1, 2}, {0, -2000}), {1}, 0.5, 1500);
  gradient(scores, {1}, 0);
  gradient(scores, {1}, 0.3);
  gradient(Doubles({2, 3}, {0, 1, 2, -1, 4, 0.5}), {2, 0}, 0.1);
}
