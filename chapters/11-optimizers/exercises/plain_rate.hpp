// Exercise 3 of chapter 11, ten minutes.
//
// Momentum adds up the gradients of many steps. At which rate do plain
// steps go just as far in the long run? Think of a gradient that is always
// the same: how large does the velocity (6.1) become?
//
// rate above 0, momentum from 0 to below 1 -> the rate of plain steps
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double plain_rate(double rate, double momentum) {
  throw NotSolvedYet();
}

}  // namespace cnn
