// Turns, scales, slants and moves pictures by any amount.
// Book: book/12-generalization.md
#pragma once

#include <cmath>
#include <span>

#include "10-initialization/same_everywhere.hpp"

namespace cnn {

// Where pixel (y, x) of the result comes from, both places measured from
// the middle of the picture: y' = yy (y - down) + yx (x - right) and
// x' = xy (y - down) + xx (x - right).
struct Warp {
  float yy = 1, yx = 0, xy = 0, xx = 1, down = 0, right = 0;
};

// The warp whose result looks turned clockwise by `degrees`, `scale` times
// as large, slanted to the right by `slant` pixels per row, and then moved
// by `down` and `right` pixels.
inline Warp warp_of(double degrees, double scale, double slant,
                    double down = 0, double right = 0) {
  const auto angle = static_cast<double>(static_cast<float>(
      std::remainder(degrees, 360) * 3.14159265358979 / 180));
  const auto size = static_cast<float>(scale);
  const float c = static_cast<float>(cosine_of(angle)) / size,
              s = static_cast<float>(sine_of(angle)) / size;
  const auto k = static_cast<float>(slant);
  return {c,
          -s,
          s + k * c,
          c - k * s,
          static_cast<float>(down),
          static_cast<float>(right)};
}

// A place between pixels, or the distance from one place to another.
struct PixelPlace {
  float y = 0, x = 0;
};

// The largest whole number that is not above `number`. std::floor would be
// a function call on many processors, two for every pixel.
inline int whole_below(float number) {
  const int whole = static_cast<int>(number);
  return number < static_cast<float>(whole) ? whole - 1 : whole;
}

// Makes pixel (y, x) of `result` what `image` has at the PixelPlace
// from(y, x), by bilinear interpolation between the four pixels around it.
// Pixels outside count as 0. Both pictures are H x W numbers, row by row.
template <class From>
void resample(std::span<const float> image, std::span<float> result, int H,
              int W, const From& from) {
  const auto at = [&](int y, int x) {
    return y < 0 || x < 0 || y >= H || x >= W
               ? 0.0f
               : image[static_cast<std::size_t>(y * W + x)];
  };
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      const PixelPlace place = from(y, x);
      const int iy = whole_below(place.y), ix = whole_below(place.x);
      const float b = place.y - static_cast<float>(iy),
                  r = place.x - static_cast<float>(ix);
      result[static_cast<std::size_t>(y * W + x)] =
          (1 - b) * ((1 - r) * at(iy, ix) + r * at(iy, ix + 1)) +
          b * ((1 - r) * at(iy + 1, ix) + r * at(iy + 1, ix + 1));
    }
}

// Where pixel (y, x) of an H x W picture comes from when it is warped.
inline PixelPlace place_before(const Warp& it, int y, int x, int H, int W) {
  const float middle_y = 0.5f * static_cast<float>(H - 1),
              middle_x = 0.5f * static_cast<float>(W - 1);
  const float v = static_cast<float>(y) - middle_y - it.down,
              u = static_cast<float>(x) - middle_x - it.right;
  return {it.yy * v + it.yx * u + middle_y,
          it.xy * v + it.xx * u + middle_x};
}

// image -> result: H x W numbers each, row by row
inline void warp(std::span<const float> image, std::span<float> result,
                 int H, int W, const Warp& it) {
  resample(image, result, H, W,
           [&](int y, int x) { return place_before(it, y, x, H, W); });
}

}  // namespace cnn
