// Exercise 4 of chapter 09, fifteen minutes.
//
// The smallest step that changes an answer, by halving. At a step of size
// `low` the answer is what it was, at `high` it has changed, and we suppose
// that it changes only once between them. Look at the middle, keep the half
// in which it changes, do so `halvings` times, and return a size at which
// the answer HAS changed: the upper end of what is left. Throw
// std::invalid_argument if the answer has already changed at `low`, or has
// not at `high`.
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
