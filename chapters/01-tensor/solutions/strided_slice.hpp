// One way to solve exercises/strided_slice.hpp.
#pragma once

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<> strided_slice(const Tensor<>& image, int y0, int x0,
                              int step) {
  const int H = image.extent(0), W = image.extent(1);
  if (step < 1 || y0 < 0 || y0 >= H || x0 < 0 || x0 >= W)
    fail(Refusal::argument,
         "strided_slice: expected a step of 1 or more and a start inside " +
             to_string(image.shape()) + ", got step " +
             std::to_string(step) + " and start " + to_string({y0, x0}));
  // After row y0 there is room for (H - 1 - y0) / step steps.
  Tensor<> slice({(H - 1 - y0) / step + 1, (W - 1 - x0) / step + 1});
  for (int y = 0; y < slice.extent(0); ++y)
    for (int x = 0; x < slice.extent(1); ++x)
      slice(y, x) = image(y0 + y * step, x0 + x * step);
  return slice;
}

}  // namespace cnn
