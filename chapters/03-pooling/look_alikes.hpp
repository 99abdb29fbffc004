// Pictures that pooling cannot tell apart: a stroke and a scatter of dots,
// a digit and the same with its windows rotated.
// Book: book/03-pooling.md
#pragma once

#include "03-pooling/pooling.hpp"
#include "03-pooling/rotated_windows.hpp"
#include "03-pooling/shift.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Two pictures (1, 1, 8, 8): ink along the diagonal, and one dot in each
// window of 2 x 2 that the diagonal crosses.
struct StrokeAndDots {
  Tensor<> stroke = Tensor<>({1, 1, 8, 8});
  Tensor<> dots = Tensor<>({1, 1, 8, 8});

  StrokeAndDots() {
    for (int i = 0; i < 8; ++i) stroke(0, 0, i, i) = 1.0f;
    for (int i = 0; i < 4; ++i)  // above the diagonal, then below, ...
      dots(0, 0, 2 * i + i % 2, 2 * i + 1 - i % 2) = 1.0f;
  }
};

// A digit compared with the same digit whose windows of 4 x 4 are rotated:
// the share of inked cells that differ, and the largest difference that is
// left after pooling by 4.
struct RotatedDigit {
  Tensor<> rotated;
  double inked_that_differ = 0;
  float after_max = 0, after_mean = 0;
};

// digit (1, 1, H, W)
inline RotatedDigit rotate_digit(const Tensor<>& digit) {
  const Pooling four{.window = 4, .stride = 4};
  const Tensor<> rotated = rotated_windows(digit, 4);
  return {
      rotated, compare(digit, rotated).share_of_inked(),
      max_abs_difference(max_pool(digit, four), max_pool(rotated, four)),
      max_abs_difference(average_pool(digit, four),
                         average_pool(rotated, four))};
}

}  // namespace cnn
