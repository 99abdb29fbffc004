// Exercise 5 of chapter 15, a quarter of an hour.
//
// How many multiply-adds do the seven convolutions of W(a, b, c) need for
// one picture of 3 channels and 32 x 32 pixels? Each weight is used once at
// every place of its convolution's output, before any pool.
//
// a, b, c -> a whole number
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double convolution_work(int a, int b, int c) {
  throw NotSolvedYet();
}

}  // namespace cnn
