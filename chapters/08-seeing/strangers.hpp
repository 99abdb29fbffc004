// Pictures that are no digits, or no longer look like the ones that the
// network has learned from.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/draw/image.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A letter of 5 x 7 points, three times as large, white on black, in the
// middle. -> (28, 28)
inline Tensor<> letter_image(const std::string& letter) {
  Picture picture(28, 28);
  picture.text(6, 0, letter, colours::black, 3);
  int top = 28, bottom = 0;
  for (int y = 0; y < 28; ++y)
    for (int x = 0; x < 28; ++x)
      if (picture.at(x, y) == colours::black)
        top = std::min(top, y), bottom = y + 1;
  const int down = (28 - (bottom - top)) / 2 - top;
  Tensor<> image({28, 28});
  for (int y = std::max(0, -down); y < bottom; ++y)
    for (int x = 0; x < 28; ++x)
      image(y + down, x) = picture.at(x, y) == colours::black ? 1.0f : 0.0f;
  return image;
}

// Every pixel an even random grey.
inline Tensor<> noise_image(Random& random) {
  Tensor<> image({28, 28});
  for (float& pixel : image.data()) pixel = random.uniform();
  return image;
}

inline Tensor<> inverted(Tensor<> image) {
  for (float& pixel : image.data()) pixel = 1 - pixel;
  return image;
}

// A quarter turn to the left. image (H, W) -> (W, H)
inline Tensor<> turned(const Tensor<>& image) {
  require_rank(image.shape(), 2, "turned", "image");
  const int H = image.extent(0), W = image.extent(1);
  Tensor<> result({W, H});
  for (int y = 0; y < W; ++y)
    for (int x = 0; x < H; ++x) result(y, x) = image(x, W - 1 - y);
  return result;
}

// Both in one picture, the brighter pixel of the two.
inline Tensor<> overlaid(const Tensor<>& a, const Tensor<>& b) {
  require_shape(b.shape(), a.shape(), "overlaid", "the second image");
  Tensor<> result = a;
  for (std::size_t i = 0; i < result.data().size(); ++i)
    result.data()[i] = std::max(a.data()[i], b.data()[i]);
  return result;
}

}  // namespace cnn
