// Exercise 3 of chapter 13, fifteen minutes.
//
// Somebody forgot to tell the network that it is only answering. A number
// of black pictures go through it in training mode, batch after batch. On a
// black picture the first convolution puts out its bias everywhere. What
// has become of the running mean after it? Compute it without a loop, if
// you can, and look closely at what `momentum` multiplies in (13.8).
//
// start: the running mean before; bias: of the convolution
// -> the running mean after `passes` batches
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double stray_mean(double start, double bias, double momentum,
                         int passes) {
  throw NotSolvedYet();
}

}  // namespace cnn
