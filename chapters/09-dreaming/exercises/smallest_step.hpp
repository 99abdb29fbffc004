// Exercise 4 of chapter 09, fifteen minutes.
//
// Find the smallest step that changes an answer, by halving. A step of size
// `low` leaves the answer as it was, a step of size `high` changes it, and
// we assume that it changes only once between them. Look at the middle and
// keep the half in which the answer changes. Do so `halvings` times, and
// return the upper end of what is left, a size at which the answer HAS
// changed. Throw std::invalid_argument if the answer has already changed at
// `low`, or has not yet changed at `high`.
//
// changed(size): whether a step of that size changes the answer
#pragma once

#include <functional>

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline double smallest_step(const std::function<bool(double)>& changed,
                            double low, double high, int halvings) {
  throw NotSolvedYet();
}

}  // namespace cnn
