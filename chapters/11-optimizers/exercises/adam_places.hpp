// Exercise 5 of chapter 11, half an hour.
//
// Adam as you would do it with a pencil: one weight, in double, from (11.7)
// to (11.9). The weight starts at 0. Return where it stands after each of
// the gradients. Before you compare with the check, ask yourself how far
// from 0 the first number has to be, and on which side.
//
// gradients (steps) -> the places after 1, 2, ... steps
#pragma once

#include <vector>

#include "11-optimizers/optimizer.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline std::vector<double> adam_places(const std::vector<double>& gradients,
                                       double rate,
                                       const AdamSettings& settings) {
  throw NotSolvedYet();
}

}  // namespace cnn
