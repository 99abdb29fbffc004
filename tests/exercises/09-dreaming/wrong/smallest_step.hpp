// The mistake that a reader is most likely to make.
#pragma once

#include <functional>
#include <stdexcept>

#include "common/tensor/tensor.hpp"

namespace cnn {

// Returns the last size that was looked at, changed or not.
inline double smallest_step(const std::function<bool(double)>& changed,
                            double low, double high, int halvings) {
  if (changed(low) || !changed(high))
    throw std::invalid_argument("smallest_step: no change in between");
  double middle = high;
  for (int i = 0; i < halvings; ++i) {
    middle = (low + high) / 2;
    (changed(middle) ? high : low) = middle;
  }
  return middle;
}

}  // namespace cnn
