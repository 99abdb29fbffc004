// Training pictures seen from another side each time: mirrored in turn,
// and shifted a little.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "06-training/batches.hpp"
#include "06-training/training.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// views: 1, as they are; 2, and mirrored; 8, all that a square can be
// turned and mirrored to, for pictures without a top.
struct ColourChanges {
  int views = 2;
  int shift = 2;  // pixels at most, along each axis

  friend bool operator==(const ColourChanges&,
                         const ColourChanges&) = default;
};

// upright: pictures that have a top, as photographs have.
inline int views_for(bool upright) {
  return upright ? 2 : 8;
}

// Throws std::invalid_argument for any other number of views.
inline void require_views(int views, const std::string& where) {
  if (views != 1 && views != 2 && views != 8)
    fail(Refusal::argument, where + ": expected 1, 2 or 8 views, got " +
                                std::to_string(views));
}

// A place outside comes back in like light from a mirror: -1 is 1, and
// size is size - 2.                                                (15.6)
inline int reflected(int place, int size) {
  if (size == 1) return 0;
  const int period = 2 * (size - 1);
  const int within = (place % period + period) % period;
  return within < size ? within : period - within;
}

inline float grey_level(float level) {
  return level;
}
inline float grey_level(std::uint8_t byte) {
  return static_cast<float>(byte) / 255.0f;
}

// View 0 to 7 of a picture, moved down and to the right. Bit 2 of the view
// exchanges rows and columns; after that, bit 0 mirrors it and bit 1 turns
// it upside down.
// image (C, H, W), levels from 0 to 1 or bytes -> changed (C, H, W), levels
// Throws std::invalid_argument for views from 4 on of what is no square.
template <class Pixel>
void change_view(std::span<const Pixel> image, std::span<float> changed,
                 int C, int H, int W, int view, int down, int right) {
  if ((view & 4) != 0 && H != W)
    fail(Refusal::argument, "change_view: expected a square, got " +
                                to_string(Shape{C, H, W}));
  std::vector<int> rows(static_cast<std::size_t>(H)),
      columns(static_cast<std::size_t>(W));
  for (int y = 0; y < H; ++y) {
    const int from = reflected(y - down, H);
    rows[static_cast<std::size_t>(y)] = (view & 2) ? H - 1 - from : from;
  }
  for (int x = 0; x < W; ++x) {
    const int from = reflected(x - right, W);
    columns[static_cast<std::size_t>(x)] = (view & 1) ? W - 1 - from : from;
  }
  float* to = changed.data();
  const int down_step = (view & 4) ? 1 : W, right_step = (view & 4) ? W : 1;
  for (int c = 0; c < C; ++c)
    for (const int row : rows) {
      const Pixel* from = image.data() + c * H * W + row * down_step;
      for (const int column : columns)
        *to++ = grey_level(from[column * right_step]);
    }
}

// Which view of a picture an epoch (from 0) shows. The first is drawn for
// each picture, and then they take turns, so that no two epochs in a row
// show the same one (Keller Jordan's alternating flips, for two views).
inline int view_of(int image, int epoch, int views, std::uint64_t seed) {
  Random random(seed * 1000003u + static_cast<std::uint64_t>(image));
  return (random.below(views) + epoch) % views;  // (15.5)
}

// What train() asks for, with epochs of so many steps. Like chapter 12's,
// it depends on the seed, the step and the picture alone.
// Throws std::invalid_argument for views other than 1, 2 or 8, a shift
// below 0 or epochs without a step.
inline HandOut alternating(const ColourChanges& it, int steps_of_epoch,
                           std::uint64_t seed) {
  require_views(it.views, "alternating");
  if (it.shift < 0 || steps_of_epoch < 1)
    fail(Refusal::argument,
         "alternating: expected a shift of 0 or more and steps in an "
         "epoch, got " +
             std::to_string(it.shift) + " and " +
             std::to_string(steps_of_epoch));
  return [it, steps_of_epoch, seed](
             const Dataset& data, int image, int step,
             std::span<float> room) -> std::span<const float> {
    const int view =
        view_of(image, (step - 1) / steps_of_epoch, it.views, seed);
    Random random = random_of_image(seed, step, image);
    const int down = random.below(2 * it.shift + 1) - it.shift,
              right = random.below(2 * it.shift + 1) - it.shift;
    const Shape& shape = data.shape();
    if (data.keeps_bytes())
      change_view(row_of(data.bytes, image), room, shape[1], shape[2],
                  shape[3], view, down, right);
    else if (view == 0 && down == 0 && right == 0)
      return row_of(data.images, image);
    else
      change_view(row_of(data.images, image), room, shape[1], shape[2],
                  shape[3], view, down, right);
    return room;
  };
}

// The mean of a network's scores for the views of each picture.
// images (N, C, H, W) -> logits (N, classes)
inline Tensor<> mean_over_views(Layer<>& network, const Tensor<>& images,
                                int views) {
  require_views(views, "mean_over_views");
  return in_batches(images, [&](int, const Tensor<>& some) {
    Tensor<> sum, seen(some.shape());
    for (int view = 0; view < views; ++view) {
      for (int n = 0; n < some.extent(0); ++n)
        change_view(row_of(some, n), row_of(seen, n), some.extent(1),
                    some.extent(2), some.extent(3), view, 0, 0);
      const Tensor<> logits = network.forward(seen, Mode::evaluation);
      if (view == 0) sum = Tensor<>(logits.shape());
      for (std::size_t i = 0; i < sum.data().size(); ++i)
        sum.data()[i] += logits.data()[i] / static_cast<float>(views);
    }
    return sum;
  });
}

}  // namespace cnn
