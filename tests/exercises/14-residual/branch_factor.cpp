// Exercise 4.
#include "branch_factor.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(branch_factor) {
  using namespace cnn;
  // The factor that brings the variance to the target, by bisection.
  const auto ask = [&](int blocks, double target) {
    double low = 0, high = target;
    for (int i = 0; i < 100; ++i) {
      const double f = (low + high) / 2;
      double variance = 1;
      for (int k = 0; k < blocks; ++k) variance += f * f * variance;
      (variance < target ? low : high) = f;
    }
    check.equal("blocks " + text_of(blocks) + ", target " + text_of(target),
                low, [&] { return branch_factor(blocks, target); });
  };
  ask(1, 2);
  ask(20, 1048576);
  ask(1, 1.25);
  ask(2, 4);
  ask(20, 2.718281828);
  ask(1000, 2.718281828);
}
