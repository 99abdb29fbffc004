// Exercise 4 of chapter 10, fifteen minutes.
//
// A leaky ReLU passes on numbers above 0 as they are and multiplies those
// below 0 by `slope`. With which standard deviation must the weights of the
// layer before it be drawn, so that the mean square of what comes out of
// the leaky ReLU equals that of what went into the layer?
//
// `weight` is the shape of the weights: (F_out, F_in) of a dense layer, or
// (C_out, C_in, K, K) of a convolution. The convolution's stride and
// padding do not matter (why?).
//
// Throws std::invalid_argument for a shape of another rank.
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline double leaky_deviation(const Shape& weight, double slope) {
  throw NotSolvedYet();
}

}  // namespace cnn
