// Exercise 4.
#include "leaky_deviation.hpp"

#include <cmath>

#include "tests/exercises/check.hpp"

EXERCISE(leaky_deviation) {
  using namespace cnn;
  const auto expect = [&](const Shape& weight, double slope,
                          double deviation) {
    check.equal("weight " + to_string(weight) + ", slope " + text_of(slope),
                deviation, [&] { return leaky_deviation(weight, slope); });
  };
  expect({10, 8}, 0, 0.5);  // He: sqrt(2 / 8)
  expect({10, 4}, 1, 0.5);  // no bend at all: sqrt(1 / 4)
  expect({5, 1, 4, 4}, 0, std::sqrt(1.0 / 8));
  expect({16, 8, 5, 5}, 0.1, std::sqrt(2 / (1.01 * 200)));
  expect({3, 100}, 0.5, std::sqrt(2 / 125.0));
  expect({3, 100}, -1, 0.1);  // the absolute value keeps the size
  check.refused("weight (8), slope 0",
                [&] { return leaky_deviation({8}, 0); });
}
