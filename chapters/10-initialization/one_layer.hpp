// One layer by itself: what ReLU leaves of numbers that scatter around 0.
// Book: book/10-initialization.md
#pragma once

#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The mean of some numbers, the mean of their squares, and their variance,
// which is the second minus the square of the first.
struct Moments {
  double mean = 0, mean_square = 0;
  double variance() const { return mean_square - mean * mean; }
};

// The moments of standard normal numbers z and of relu(z).
// compute_relu_moments() draws `count` of them, and throws
// std::invalid_argument unless count is 1 or more.
struct ReluMoments {
  Moments before, after;
};
inline ReluMoments compute_relu_moments(int count, std::uint64_t seed) {
  if (count < 1)
    fail(Refusal::argument,
         "compute_relu_moments: expected 1 number or more, got " +
             std::to_string(count));
  Random random(seed);
  ReluMoments sums;
  const auto add = [count](Moments& to, double number) {
    to.mean += number / count;
    to.mean_square += number * number / count;
  };
  for (int i = 0; i < count; ++i) {
    const auto z = static_cast<double>(random.normal());
    add(sums.before, z);
    add(sums.after, z > 0 ? z : 0);
  }
  return sums;
}

}  // namespace cnn
