// Exercise 3 of chapter 10, ten minutes.
//
// A network of dense layers with ReLU, `width` cells each, gets `inputs`
// numbers whose root mean square is `size`. All its weights are drawn with
// the standard deviation `deviation`. Which is the last layer whose output
// still has, by (10.2), a size above `limit`? Count the layers from 1, and
// return 0 if even the first layer's output is no larger than `limit`.
//
// The first layer sums over the inputs, and every other one over `width`
// numbers. The signal must become smaller from layer to layer, because
// otherwise there is no last one.
//
// Throws std::invalid_argument unless every number is above 0 and the
// factor of the later layers is below 1.
#pragma once

#include "10-initialization/signal.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline int last_living_layer(double deviation, int inputs, int width,
                             double size, double limit) {
  throw NotSolvedYet();
}

}  // namespace cnn
