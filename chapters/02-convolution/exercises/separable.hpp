// Exercise 5 of chapter 02, half an hour.
//
// Some kernels are a column times a row: kernel(ky, kx) = column(ky) *
// row(kx). Sobel x, for one, is (1, 2, 1) times (-1, 0, 1). With such a
// kernel you can slide `row` along the rows first, and `column` along the
// columns of what comes out. The result is that of correlate2d(), but each
// output costs 2 K products in place of K K (and a little more at the rim).
// Do it; the check counts your multiplications.
//
// image (H, W)  column (K)  row (K) -> (H - K + 1, W - K + 1)
#pragma once

#include "02-convolution/convolution.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

template <class T>
Tensor<T> correlate_separable(const Tensor<T>& image,
                              const Tensor<T>& column,
                              const Tensor<T>& row) {
  throw NotSolvedYet();
}

}  // namespace cnn
