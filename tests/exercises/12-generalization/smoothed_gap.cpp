// Exercise 5.
#include "smoothed_gap.hpp"

#include <span>

#include "12-generalization/soft_targets.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(smoothed_gap) {
  using namespace cnn;
  // The gap at which the label's gradient changes sign, by bisection.
  const auto turning_point = [](double smoothing, int classes) {
    const auto K = static_cast<std::size_t>(classes);
    std::vector<double> logits(K), grad(K);
    double low = -50, high = 50;
    for (int i = 0; i < 100; ++i) {
      logits[0] = (low + high) / 2;
      smoothed_cross_entropy<double>(logits, 0, smoothing, grad);
      (grad[0] < 0 ? low : high) = logits[0];
    }
    return low;
  };
  const auto ask = [&](double smoothing, int classes) {
    check.equal(
        "smoothing " + text_of(smoothing) + ", classes " + text_of(classes),
        turning_point(smoothing, classes),
        [&] { return smoothed_gap(smoothing, classes); });
  };
  ask(0.1, 10);
  ask(0.2, 2);
  ask(0.5, 10);
  ask(0.01, 1000);
}
