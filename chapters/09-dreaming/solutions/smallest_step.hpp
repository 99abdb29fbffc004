// One way to solve exercises/smallest_step.hpp.
#pragma once

#include <functional>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline double smallest_step(const std::function<bool(double)>& changed,
                            double low, double high, int halvings) {
  if (changed(low) || !changed(high))
    fail(Refusal::argument,
         "smallest_step: expected the answer to change between low and "
         "high");
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    (changed(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace cnn
