// Exercise 5 of chapter 11, half an hour.
//
// Compute Adam as you would with a pencil: for one weight, in double, by
// (11.7) to (11.9). The weight starts at 0. Return where it stands after
// each of the gradients. Before you run the check, ask yourself how far
// from 0 the first place has to be, and on which side.
//
// gradients, one for each step -> the places after 1, 2, ... steps
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
