// Exercise 4 of chapter 07, half an hour.
//
// Chapter 02's convolve() reads a weight and an input for every product.
// Compute four neighbouring columns of the output at once in place of one:
// four sums in variables of their own (an array of 4) while all taps pass
// by, so that each weight is read once for the four of them. What becomes
// of the columns that are left over at the end of a row?
//
// Each sum takes its products in the order of convolve(): then the result
// is the same to the last bit. The check looks at that, and counts how
// often you go to a weight.
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
