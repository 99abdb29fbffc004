// Exercise 4 of chapter 17, fifteen minutes.
//
// A phone stores the picture as its sensor saw it, and a number from 1 to 8
// that says how to turn it upright. Somebody's program turned the picture
// by orientation `first`, and forgot to remove the number, so another
// program turned it once more, by `second`. Which single orientation turns
// the original in the same way?
//
// Both times upright() did the turning: return the n for which
// upright(image, n) equals upright(upright(image, first), second) for every
// image.
//
// first, second from 1 to 8 -> 1 to 8
// Throws std::invalid_argument for other numbers.
#pragma once

#include "15-colour/exif.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline int both_orientations(int first, int second) {
  throw NotSolvedYet();
}

}  // namespace cnn
