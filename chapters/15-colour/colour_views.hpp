// Training pictures in another view in each epoch: mirrored or turned, and
// shifted a little.
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

// views: 1 for pictures as they are; 2 to mirror them as well; 8 for all
// ways to turn and mirror a square, if the pictures have no top.
struct ColourChanges {
  int views = 2;
  int shift = 2;  // pixels at most, along each axis

  friend bool operator==(const ColourChanges&,
                         const ColourChanges&) = default;
};

// The number of views. upright: the pictures have a top, as photographs do.
inline int views_for(bool upright) {
  return upright ? 2 : 8;
}

// Throws std::invalid_argument unless there are 1, 2 or 8 views.
inline void require_views(int views, const std::string& where) {
  if (views != 1 && views != 2 && views != 8)
    fail(Refusal::argument, where + ": expected 1, 2 or 8 views, got " +
                                std::to_string(views));
}

// The place inside 0 ... size - 1 whose pixel stands for `place`, as if the
// edges were mirrors: -1 becomes 1, and size becomes size - 2.      (15.6)
inline int reflected(int place, int size) {
  if (size == 1) return 0;
  const int period = 2 * (size - 1);
  const int within = (place % period + period) % period;
  return within < size ? within : period - within;
}

// A level from 0 to 1: itself, or that of a byte.
inline float grey_level(float level) {
  return level;
}
inline float grey_level(std::uint8_t byte) {
  return static_cast<float>(byte) / 255.0f;
}

// Writes view 0 to 7 of `image` into `changed`, shifted by `down` and
// `right` pixels. Bit 2 of the view exchanges rows and columns. After that,
// bit 0 mirrors left and right, and bit 1 mirrors top and bottom.
// image (C, H, W), levels from 0 to 1 or bytes -> changed (C, H, W), levels
// Throws std::invalid_argument for a view of 4 or more unless H = W.
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

// The view of a picture that an epoch, counted from 0, shows. The first one
// is drawn at random for each picture. From then on the views take turns,
// so that no two epochs in a row show the same one if there are several.
// With two views, these are Keller Jordan's alternating flips.
inline int view_of(int image, int epoch, int views, std::uint64_t seed) {
  Random random(seed * 1000003u + static_cast<std::uint64_t>(image));
  return (random.below(views) + epoch) % views;  // (15.5)
}

// Hands train() a view of each picture, shifted at random, where an epoch
// has `steps_of_epoch` steps. Like chapter 12's augmented(), it depends
// only on the seed, the step and the picture. Throws std::invalid_argument
// for views other than 1, 2 or 8, a shift below 0 or epochs without a step.
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

// The mean of a network's scores over `views` views of each picture.
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
