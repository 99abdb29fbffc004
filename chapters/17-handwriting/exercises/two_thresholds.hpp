// Exercise 5 of chapter 17, twenty minutes.
//
// Otsu's threshold splits grey levels into two groups. A page with ink
// and pencil on it has three: ink, pencil, paper. Find the two thresholds
// a < b that split the levels into 0 ... a, a + 1 ... b and b + 1 ... last
// so that the variance between the groups,
//   the sum over the groups of w (group's mean - mean of all)^2,
// with w the share of all pixels in the group, is largest. Each group must
// hold a pixel. If several pairs do equally well, take the one with the
// smallest a, and of these the one with the smallest b.
//
// counts: how many pixels have each level, at least three of them not 0
// -> {a, b}
#pragma once

#include <utility>
#include <vector>

#include "common/shell/exercise.hpp"

namespace cnn {

inline std::pair<int, int> two_thresholds(const std::vector<int>& counts) {
  throw NotSolvedYet();
}

}  // namespace cnn
