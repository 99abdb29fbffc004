// Exercise 4.
#include "smallest_step.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(smallest_step) {
  using namespace cnn;
  const auto from = [](double limit) {
    return [limit](double size) { return size >= limit; };
  };
  const auto input = [](double limit, double low, double high,
                        int halvings) {
    return "changed from " + text_of(limit) + " on, low " + text_of(low) +
           ", high " + text_of(high) + ", halvings " + text_of(halvings);
  };
  const auto step = [&](double limit, double low, double high, int halvings,
                        double expected) {
    check.equal(input(limit, low, high, halvings), expected, [&] {
      return smallest_step(from(limit), low, high, halvings);
    });
  };
  step(0.3, 0, 1, 0, 1);
  step(0.3, 0, 1, 1, 0.5);
  step(0.3, 0, 1, 2, 0.5);
  step(0.3, 0, 1, 3, 0.375);
  step(0.25, 0, 1, 2, 0.25);
  step(0.7, 0.5, 0.9, 1, 0.7);
  step(0.1, 0, 1, 40, 0.1);
  check.refused(input(0.3, 0.4, 1, 5),
                [&] { return smallest_step(from(0.3), 0.4, 1, 5); });
  check.refused(input(2, 0, 1, 5),
                [&] { return smallest_step(from(2), 0, 1, 5); });
}
