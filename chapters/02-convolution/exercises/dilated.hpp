// Exercise 4 of chapter 02, half an hour.
//
// A window with gaps: neighbouring weights look at cells that lie
// `dilation` apart, so that nine weights see farther. Dilation 1 is
// correlate2d(), dilation 2 leaves one cell out between any two:
//
//   output(y, x) = sum over ky, kx of
//       kernel(ky, kx) * image(y + ky dilation, x + kx dilation)
//
// How far does the window reach, and how large is the output?
//
// image (H, W)  kernel (K, K) -> one cell for each place of the window
// Throws std::invalid_argument if the window does not fit, or if the
// dilation is below 1.
#pragma once

#include "02-convolution/convolution.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline Tensor<> correlate_dilated(const Tensor<>& image,
                                  const Tensor<>& kernel, int dilation) {
  throw NotSolvedYet();
}

}  // namespace cnn
