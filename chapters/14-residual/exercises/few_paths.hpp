// Exercise 3 of chapter 14, a quarter of an hour.
//
// How many of the 2^n paths through n blocks take at most `most` branches?
// Through 3 blocks, one path takes none and three paths take one.
//
// blocks from 0 to 50, most from 0 to blocks -> a whole number
#pragma once

#include "common/shell/exercise.hpp"

namespace cnn {

inline double few_paths(int blocks, int most) {
  throw NotSolvedYet();
}

}  // namespace cnn
