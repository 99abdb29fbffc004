// Exercise 4 of chapter 12, fifteen minutes.
//
// We fit sixty digits with 20, 60 or 300 random features. First write down
// for which number you expect the longest weights, and then let the
// computer look. The first p rows of `features` are the first p features.
//
// features (most, digits), targets (digits, classes)
// -> the one of `sizes` whose weights of least norm are longest
#pragma once

#include <vector>

#include "12-generalization/double_descent.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline int size_with_longest_weights(const Tensor<double>& features,
                                     const Tensor<double>& targets,
                                     const std::vector<int>& sizes) {
  throw NotSolvedYet();
}

}  // namespace cnn
