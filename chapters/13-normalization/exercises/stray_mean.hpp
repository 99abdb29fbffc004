// Exercise 3 of chapter 13, fifteen minutes.
//
// Somebody forgot to tell the network that it is only answering, and sends
// black pictures through it in training mode, batch after batch. For a
// black picture, the output of the first convolution is its bias
// everywhere. What becomes of the running mean in the normalization that
// follows? Compute it without a loop, if you can, and look closely at what
// `momentum` multiplies in (13.8).
//
// start: the running mean before; bias: that of the convolution
// -> the running mean after `passes` batches
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double stray_mean(double start, double bias, double momentum,
                         int passes) {
  throw NotSolvedYet();
}

}  // namespace cnn
