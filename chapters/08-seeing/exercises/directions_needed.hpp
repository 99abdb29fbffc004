// Exercise 5 of chapter 08, twenty minutes.
//
// A picture of points in many dimensions shows two directions. How many
// would be needed to show, say, nine tenths? Each principal component has
// its share of the variance; principal_components() finds them, those with
// the largest share first. How many, at the least, hold together `share` of
// the total variance or more?
//
// The variances are rounded: what misses the share by a billionth of the
// total variance has reached it.
//
// points (N, D), not all the same -> from 1 to D
// Throws std::invalid_argument unless 0 < share <= 1.
#pragma once

#include "08-seeing/principal_components.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline int directions_needed(const Tensor<double>& points, double share) {
  throw NotSolvedYet();
}

}  // namespace cnn
