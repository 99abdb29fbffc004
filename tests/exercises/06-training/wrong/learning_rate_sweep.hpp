// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "common/tensor/tensor.hpp"

namespace cnn {

// A NaN in the first place is never beaten: every < with it is false.
inline double best_learning_rate(
    const std::vector<double>& rates,
    const std::function<double(double)>& loss_of) {
  double best_rate = 0, least = NAN;
  for (const double rate : rates) {
    double loss = INFINITY;
    try {
      loss = loss_of(rate);
    } catch (const std::runtime_error&) {
      continue;
    }
    if (best_rate == 0 || loss < least) {
      best_rate = rate;
      least = loss;
    }
  }
  if (!std::isfinite(least)) throw std::invalid_argument("no finite loss");
  return best_rate;
}

}  // namespace cnn
