// Exercise 4 of chapter 07, half an hour.
//
// Chapter 02's convolve() reads a weight and an input for every product.
// Compute four neighbouring columns of the output at once instead of one.
// Keep four sums in variables of their own (an array of 4) while all taps
// pass by, so that each weight is read once for all four. What happens to
// the columns that are left over at the end of a row?
//
// Add the products of each sum in the order of convolve(), so that the
// result is the same to the last bit. The check tests this, and counts how
// often you read a weight.
//
// input (N, C_in, H, W)  weight (C_out, C_in, K, K)  bias (C_out)
// -> output (N, C_out, H_out, W_out)
#pragma once

#include "02-convolution/convolution.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

template <class T>
Tensor<T> convolve_in_tiles(const Tensor<T>& input, const Tensor<T>& weight,
                            const Tensor<T>& bias, int stride = 1,
                            int padding = 0) {
  throw NotSolvedYet();
}

}  // namespace cnn
