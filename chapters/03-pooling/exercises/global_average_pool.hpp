// Exercise 3 of chapter 03, ten minutes.
//
// The mean of a whole map, one number for each channel. It lets a network
// take pictures of any size.
//
// input (N, C, H, W) -> output (N, C)
#pragma once

#include "03-pooling/pooling.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline Tensor<> global_average_pool(const Tensor<>& input) {
  throw NotSolvedYet();
}

}  // namespace cnn
