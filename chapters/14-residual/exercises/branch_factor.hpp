// Exercise 4 of chapter 14, a quarter of an hour.
//
// A branch whose output is as large as its input doubles the variance of
// the stream at each block, if there is no normalization. Multiply what
// each branch gives by one factor f instead, so that after all blocks the
// variance is `target` times what it was. Which f? For many blocks and a
// target of e = 2.718, compare it with 1 / sqrt(blocks).
//
// blocks of 1 or more, target above 1 -> f
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double branch_factor(int blocks, double target) {
  throw NotSolvedYet();
}

}  // namespace cnn
