// Exercise 5 of chapter 08, twenty minutes.
//
// A drawing of points in many dimensions shows two directions. How many
// would it take to show, say, nine tenths of the points' variance? Each
// principal component has its share of it, and principal_components() finds
// those with the largest shares first. What is the smallest number of them
// that together hold at least `share` of the total variance?
//
// The variances are rounded, so a sum that misses the share by up to a
// billionth of the total variance counts as having reached it.
//
// points (N, D), not all equal -> a number from 1 to D
// Throws std::invalid_argument unless 0 < share <= 1.
#pragma once

#include "08-seeing/principal_components.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline int directions_needed(const Tensor<double>& points, double share) {
  throw NotSolvedYet();
}

}  // namespace cnn
