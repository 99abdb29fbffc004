// Exercise 5.
#include <functional>
#include <stdexcept>
#include <vector>

#include "learning_rate_sweep.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(learning_rate_sweep) {
  using namespace cnn;
  const auto sweep = [](const std::vector<double>& losses) {
    return [=] {
      std::vector<double> rates;
      for (std::size_t i = 0; i < losses.size(); ++i)
        rates.push_back(std::pow(10.0, static_cast<double>(i) - 3));
      return best_learning_rate(rates, [&](double rate) {
        const auto i =
            static_cast<std::size_t>(std::lround(std::log10(rate) + 3));
        if (losses[i] < 0) throw std::runtime_error("not a number");
        return losses[i];
      });
    };
  };
  const double nan = std::nan("");
  check.equal("rates 0.001, 0.01, 0.1 with losses 2.2, 0.8, 0.7", 0.1,
              sweep({2.2, 0.8, 0.7}));
  check.equal("rates 0.001, 0.01, 0.1, 1 with losses 2.2, 0.7, 0.8, 4.1",
              0.01, sweep({2.2, 0.7, 0.8, 4.1}));
  check.equal("rates 0.001, 0.01, 0.1 with losses 2.2, 0.7, 0.7", 0.01,
              sweep({2.2, 0.7, 0.7}));
  check.equal(
      "rates 0.001, 0.01, 0.1, 1 with losses 2.2, 0.7, not a number, "
      "infinite",
      0.01, sweep({2.2, 0.7, nan, INFINITY}));
  check.equal("rates 0.001, 0.01, 0.1 with losses not a number, 2.2, 0.7",
              0.1, sweep({nan, 2.2, 0.7}));
  check.equal(
      "rates 0.001, 0.01, 0.1 with losses 2.2, 0.7, and a run that throws",
      0.01, sweep({2.2, 0.7, -1}));
  check.refused("losses not a number and infinite", sweep({nan, INFINITY}));
  check.refused("no rates at all", sweep({}));
}
