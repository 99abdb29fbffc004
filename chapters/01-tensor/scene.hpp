// A little colour picture, drawn by arithmetic: a house in a meadow under
// the sun. It needs no file, and its edges run in every direction.
// Book: book/01-tensor.md
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

struct Rgb {
  float red = 0, green = 0, blue = 0;  // from 0 to 1
};

// The colour of the scene at row y of 48 and column x of 64. The parts are
// tested from front to back.
inline Rgb scene_colour(int y, int x) {
  const auto inside_disc = [&](int cy, int cx, int radius) {
    return (y - cy) * (y - cy) + (x - cx) * (x - cx) <= radius * radius;
  };
  const int from_ridge = x > 36 ? x - 36 : 36 - x;
  const bool door = y >= 32 && y < 42 && x >= 33 && x < 39;
  const bool window =
      y >= 29 && y < 34 && ((x >= 26 && x < 31) || (x >= 41 && x < 46));
  const bool wall = y >= 26 && y < 42 && x >= 23 && x < 49;
  const bool roof = y >= 13 && y < 26 && from_ridge <= (y - 12) * 6 / 5;
  const bool trunk = y >= 32 && y < 42 && x >= 9 && x < 12;
  if (door) return {0.35f, 0.20f, 0.10f};
  if (window) return {0.60f, 0.85f, 1.00f};
  if (wall) return {0.95f, 0.88f, 0.70f};
  if (roof) return {0.80f, 0.12f, 0.10f};
  if (inside_disc(26, 10, 7)) return {0.05f, 0.45f, 0.15f};  // the tree
  if (trunk) return {0.40f, 0.25f, 0.12f};
  if (inside_disc(9, 54, 5)) return {1.00f, 0.85f, 0.10f};  // the sun
  if (y >= 38) return {0.35f, 0.70f, 0.20f};                // the meadow
  const float down = static_cast<float>(y) / 38.0f;
  return {0.30f + 0.45f * down, 0.55f + 0.30f * down, 0.95f};  // the sky
}

// The whole scene: red, green and blue channel. -> (3, 48, 64)
inline Tensor<> little_scene() {
  Tensor<> image({3, 48, 64});
  for (int y = 0; y < image.extent(1); ++y)
    for (int x = 0; x < image.extent(2); ++x) {
      const Rgb colour = scene_colour(y, x);
      image(0, y, x) = colour.red;
      image(1, y, x) = colour.green;
      image(2, y, x) = colour.blue;
    }
  return image;
}

}  // namespace cnn
