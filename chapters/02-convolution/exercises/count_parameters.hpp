// Exercise 1 of chapter 02, five minutes.
//
// How many numbers are there to learn in a convolution, its biases
// included?
//
// Kernels of K x K weights, C_in channels in, C_out channels out.
#pragma once

#include "common/exercise.hpp"
#include "common/tensor.hpp"

namespace cnn {

inline int count_parameters(int C_in, int C_out, int K) {
  throw NotSolvedYet();
}

}  // namespace cnn
