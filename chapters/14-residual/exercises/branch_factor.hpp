// Exercise 3 of chapter 14, a quarter of an hour.
//
// Without a normalization a branch that starts as He proposed adds numbers
// as large as those of the stream, and the stream's variance doubles at
// each block. Multiply what each branch gives by one factor f instead, so
// that after all blocks the variance is `target` times what it was. Which
// f? For many blocks and a target of e = 2.718, compare it with
// 1 / sqrt(blocks).
//
// blocks of 1 or more, target above 1 -> f
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double branch_factor(int blocks, double target) {
  throw NotSolvedYet();
}

}  // namespace cnn
