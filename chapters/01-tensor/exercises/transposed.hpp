// Exercise 5 of chapter 01, twenty minutes: find the bug.
//
// The picture with rows and columns exchanged: what was at (y, x) is now at
// (x, y). Somebody wrote the following. It is right for square pictures and
// wrong for all others:
//
//   Tensor<> result({image.extent(0), image.extent(1)});
//   for (int place = 0; place < image.size(); ++place) {
//     const int y = place / image.extent(0);
//     const int x = place % image.extent(0);
//     result(x, y) = image.data()[static_cast<std::size_t>(place)];
//   }
//   return result;
//
// Say what is wrong (there are two things), then write it correctly.
//
// image (H, W) -> (W, H)
#pragma once

#include "common/shell/exercise.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<> transposed(const Tensor<>& image) {
  throw NotSolvedYet();
}

}  // namespace cnn
