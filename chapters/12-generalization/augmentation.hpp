// Augmentation: changes training pictures at random, differently at each
// step, in ways that leave the right answer unchanged.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "06-training/training.hpp"
#include "12-generalization/warping.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The largest change of each kind. How much of it a picture gets is drawn
// at random. If all are 0, a picture keeps its bits.
struct Augmentation {
  double shift = 0;    // pixels, vertically and horizontally
  double turn = 0;     // degrees, either way
  double scale = 0;    // share of the size, larger or smaller
  double slant = 0;    // pixels per row, either way
  double squeeze = 0;  // to between 1 / (1 + squeeze) and all of the width
  double bend = 0;     // pixels that a pin of Bend is pulled
  double thicker = 0;  // pixels on each side of a stroke, up to 1
  double thinner = 0;  // pixels on each side of a stroke, up to 1

  friend bool operator==(const Augmentation&,
                         const Augmentation&) = default;
};

// Bends the paper that a picture is on: each pin of a grid is pulled to a
// random place, and the places between pins follow by bilinear
// interpolation. A coarse relative of the elastic distortions of Simard,
// Steinkraus and Platt 2003.
class Bend {
 public:
  // most: the most pixels that a pin may be pulled along each axis
  Bend(float most, Random& random) {
    for (PixelPlace& pull : pulls_)
      pull = {most * random.uniform(-1, 1), most * random.uniform(-1, 1)};
  }

  // By how many pixels to pull the place that pixel (y, x) of an H x W
  // result comes from.
  PixelPlace pull(int y, int x, int H, int W) const {
    const float v = static_cast<float>(y * (pins - 1)) /
                    static_cast<float>(H),
                u = static_cast<float>(x * (pins - 1)) /
                    static_cast<float>(W);
    const int top = static_cast<int>(v), left = static_cast<int>(u);
    const float b = v - static_cast<float>(top),
                r = u - static_cast<float>(left);
    const auto at = [&](int row, int column) {
      return pulls_[static_cast<std::size_t>(row * pins + column)];
    };
    const PixelPlace p = at(top, left), q = at(top, left + 1),
                     s = at(top + 1, left), t = at(top + 1, left + 1);
    return {
        (1 - b) * ((1 - r) * p.y + r * q.y) + b * ((1 - r) * s.y + r * t.y),
        (1 - b) * ((1 - r) * p.x + r * q.x) +
            b * ((1 - r) * s.x + r * t.x)};
  }

 private:
  static constexpr int pins = 5;  // along each side
  std::array<PixelPlace, pins * pins> pulls_;
};

// Makes strokes thicker (by > 0) or thinner (by < 0) by up to one pixel on
// each side: moves every pixel the share |by| of the way to the largest, or
// smallest, of itself and its four neighbours. Pixels outside count as 0.
// image: H x W numbers, changed in place
inline void thicken(std::span<float> image, int H, int W, float by) {
  const std::vector<float> before(image.begin(), image.end());
  const auto at = [&](int y, int x) {
    return y < 0 || x < 0 || y >= H || x >= W
               ? 0.0f
               : before[static_cast<std::size_t>(y * W + x)];
  };
  const float share = std::min(std::abs(by), 1.0f);
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      const auto around = {at(y, x), at(y - 1, x), at(y + 1, x),
                           at(y, x - 1), at(y, x + 1)};
      const float end = by > 0 ? std::max(around) : std::min(around);
      image[static_cast<std::size_t>(y * W + x)] =
          (1 - share) * at(y, x) + share * end;
    }
}

// A HandOut for training: writes picture `image` of the data into `room`,
// changed for step `step`. The change depends only on the seed, `image` and
// `step`, so it does not matter which thread asks. All channels of a
// picture (C, H, W) are changed alike.
inline HandOut augmented(const Augmentation& it, std::uint64_t seed) {
  return [it, seed](const Dataset& data, int image, int step,
                    std::span<float> room) -> std::span<const float> {
    Random random = random_of_image(seed, step, image);
    const auto some = [&](double most) {
      return most * static_cast<double>(random.uniform(-1, 1));
    };
    const int C = data.images.extent(1), H = data.images.extent(2),
              W = data.images.extent(3);
    std::vector<float> levels(data.keeps_bytes() ? room.size() : 0);
    const auto pixels = pixels_of(data, image, levels);
    const double turn = some(it.turn), scale = 1 + some(it.scale),
                 slant = some(it.slant), down = some(it.shift),
                 right = some(it.shift);
    Warp warp = warp_of(turn, scale, slant, down, right);
    const float u = random.uniform();
    const float narrower = 1 + static_cast<float>(it.squeeze) * u * u;
    warp.xy *= narrower;
    warp.xx *= narrower;
    const Bend bend(static_cast<float>(it.bend), random);
    const float pen = random.uniform(-static_cast<float>(it.thinner),
                                     static_cast<float>(it.thicker));
    const auto plane = static_cast<std::size_t>(H * W);
    for (std::size_t c = 0; c < static_cast<std::size_t>(C); ++c) {
      const auto before = pixels.subspan(c * plane, plane);
      const auto after = room.subspan(c * plane, plane);
      resample(before, after, H, W, [&](int y, int x) {
        PixelPlace place = place_before(warp, y, x, H, W);
        if (it.bend == 0) return place;
        const PixelPlace pull = bend.pull(y, x, H, W);
        return PixelPlace{place.y + pull.y, place.x + pull.x};
      });
      if (pen != 0) thicken(after, H, W, pen);
    }
    return room;
  };
}

}  // namespace cnn
