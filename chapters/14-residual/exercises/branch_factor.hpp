// Exercise 4 of chapter 14, a quarter of an hour.
//
// If there is no normalization, branches whose output is as large as their
// input double the variance of the stream at each block. Multiply the
// output of every branch by the same factor f, so that after all blocks the
// variance is `target` times what it was. Which f does that? For many
// blocks and a target of e = 2.718, compare it with 1 / sqrt(blocks).
//
// blocks of 1 or more, target above 1 -> f
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double branch_factor(int blocks, double target) {
  throw NotSolvedYet();
}

}  // namespace cnn
