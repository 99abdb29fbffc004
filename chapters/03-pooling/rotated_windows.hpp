// Another picture that pooling cannot tell from a given one.
// Book: book/03-pooling.md
#pragma once

#include <string>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Rotates each window of window x window cells by 180 degrees where it
// lies. Each window keeps its numbers, so its largest number and its mean
// stay the same.
// images (N, C, H, W) -> the same shape
// Throws std::invalid_argument unless H and W are multiples of the window.
template <class T>
Tensor<T> rotated_windows(const Tensor<T>& images, int window) {
  require_rank(images.shape(), 4, "rotated_windows", "images");
  const int H = images.extent(2), W = images.extent(3);
  if (window < 1 || H % window != 0 || W % window != 0)
    fail(
        Refusal::argument,
        "rotated_windows: expected a window that divides height and width, "
        "got window " +
            std::to_string(window) + " and images " +
            to_string(images.shape()));
  // From the cell at `i` to its opposite in the same window.
  const auto opposite = [window](int i) {
    return i - i % window + window - 1 - i % window;
  };
  Tensor<T> rotated(images.shape());
  for (int n = 0; n < images.extent(0); ++n)
    for (int c = 0; c < images.extent(1); ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
          rotated(n, c, y, x) = images(n, c, opposite(y), opposite(x));
  return rotated;
}

}  // namespace cnn
