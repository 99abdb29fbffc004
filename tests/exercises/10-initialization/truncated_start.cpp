// Exercise 5.
#include "truncated_start.hpp"

#include <algorithm>
#include <cmath>

#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

struct Drawn {
  double deviation = 0, largest = 0, mean = 0;
};

Drawn draw_many(float deviation, std::uint64_t seed) {
  Tensor<> weights({200, 500});
  Random random(seed);
  truncated_start(weights, deviation, random);
  Drawn drawn;
  double squares = 0;
  const double count = weights.size();
  for (const float number : weights.data()) {
    const auto x = static_cast<double>(number);
    drawn.mean += x / count;
    squares += x * x / count;
    drawn.largest = std::max(drawn.largest, std::abs(x));
  }
  drawn.deviation = std::sqrt(squares - drawn.mean * drawn.mean);
  return drawn;
}

// `expected` if `value`, from 100,000 numbers, is within 1 % of it.
double rounded(double value, double expected) {
  return std::abs(value - expected) < 0.01 * expected ? expected : value;
}

}  // namespace

EXERCISE(truncated_start) {
  for (const float deviation : {1.0f, 0.1f, 0.02f}) {
    const auto asked = static_cast<double>(deviation);
    const std::string input =
        "100,000 numbers, deviation " + text_of(asked);
    check.equal(input + ", their deviation", asked, [&] {
      return rounded(draw_many(deviation, 1).deviation, asked);
    });
    check.equal(input + ", the largest", 2 * asked / 0.8796, [&] {
      return rounded(draw_many(deviation, 2).largest, 2 * asked / 0.8796);
    });
    check.equal(input + ", the mean is small", true, [&] {
      return std::abs(draw_many(deviation, 3).mean) < 0.02 * asked;
    });
  }
}
