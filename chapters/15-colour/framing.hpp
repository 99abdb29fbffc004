// Brings a photograph of any size into the form that a network wants: the
// square in its middle, scaled to a few pixels.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "07-speed/im2col.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Scales a picture to H_out x W_out cells, each the mean of the area that
// it covers, which may be part of a pixel or many pixels.
// image (H, W) -> (H_out, W_out)
inline Tensor<> area_average(const Tensor<>& image, int H_out, int W_out) {
  require_rank(image.shape(), 2, "area_average", "image");
  if (image.size() == 0 || H_out < 1 || W_out < 1)
    fail(Refusal::argument,
         "area_average: expected pixels and a size of 1 x 1 or more, got " +
             to_string(image.shape()) + " and " +
             to_string({H_out, W_out}));
  // Scales one axis: (H, W) -> (size, W).
  const auto shrunk = [](const Tensor<>& from, int size) {
    Tensor<> to({size, from.extent(1)});
    const double pixels = static_cast<double>(from.extent(0)) / size;
    for (int y = 0; y < size; ++y) {
      const double begin = y * pixels, end = (y + 1) * pixels;
      for (int p = static_cast<int>(begin);
           p < std::min(from.extent(0), static_cast<int>(std::ceil(end)));
           ++p) {
        const auto share = static_cast<float>(
            (std::min(end, p + 1.0) - std::max(begin, p + 0.0)) / pixels);
        for (int x = 0; x < from.extent(1); ++x)
          to(y, x) += share * from(p, x);
      }
    }
    return to;
  };
  return transposed(shrunk(transposed(shrunk(image, H_out)), W_out));
}

// The largest square in the middle of a picture. If it cannot lie exactly
// in the middle, it lies half a pixel further up or to the left.
// image (C, H, W) -> (C, S, S), where S is the smaller of H and W
inline Tensor<> middle_square(const Tensor<>& image) {
  require_rank(image.shape(), 3, "middle_square", "image");
  const int C = image.extent(0), H = image.extent(1), W = image.extent(2),
            S = std::min(H, W), top = (H - S) / 2, left = (W - S) / 2;
  Tensor<> middle({C, S, S});
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < S; ++y)
      for (int x = 0; x < S; ++x)
        middle(c, y, x) = image(c, top + y, left + x);
  return middle;
}

// That square, scaled to `size` x `size` pixels by area_average(). The
// levels are from 0 to 1. image (C, H, W) -> (C, size, size)
inline Tensor<> framed(const Tensor<>& image, int size) {
  const Tensor<> middle = middle_square(image);
  if (middle.extent(1) == size) return middle;
  Tensor<> small({middle.extent(0), size, size});
  for (int c = 0; c < small.extent(0); ++c)
    set_row(small, c, area_average(item(middle, c), size, size).data());
  // The shares of an area add up to 1 except for rounding errors.
  for (float& level : small.data()) level = std::clamp(level, 0.0f, 1.0f);
  return small;
}

}  // namespace cnn
