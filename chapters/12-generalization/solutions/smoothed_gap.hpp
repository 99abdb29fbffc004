// One way to solve exercises/smoothed_gap.hpp.
#pragma once

#include <cmath>

namespace cnn {

inline double smoothed_gap(double smoothing, int classes) {
  // The probabilities are the smoothed truth (12.6), and the difference of
  // two logits is the logarithm of the ratio of their probabilities.
  const double wrong = smoothing / classes;
  return std::log((1 - smoothing + wrong) / wrong);
}

}  // namespace cnn
