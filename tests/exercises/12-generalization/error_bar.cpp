// Exercise 3.
#include "error_bar.hpp"

#include "12-generalization/statistics.hpp"
#include "tests/exercises/check.hpp"

namespace {

cnn::Tensor<double> numbers_of(const std::vector<double>& numbers) {
  return cnn::Tensor<double>({static_cast<int>(numbers.size())}, numbers);
}

}  // namespace

EXERCISE(error_bar) {
  using namespace cnn;
  const auto ask = [&](const std::vector<double>& runs) {
    const int n = static_cast<int>(runs.size());
    const double t = student_t(0.95, n - 1);
    const SeedMean it = seed_mean(runs);
    check.equal(
        "runs " + text_of(numbers_of(runs)) + ", t " + text_of(t),
        numbers_of({it.mean, it.error * std::sqrt(n), half_width(runs)}),
        [&] {
          const ErrorBar bar = error_bar(runs, t);
          return numbers_of({bar.mean, bar.deviation, bar.half_width});
        });
  };
  ask({97.9, 98.1, 98.0, 98.3, 97.7});
  ask({1, 3});
  ask({2, 2, 2});
  ask({0.5, -0.25, 4, 8, 1, 1});
}
