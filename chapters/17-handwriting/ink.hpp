// From a photograph's grey to its ink: paper is 0 and the darkest stroke
// near 1, whatever light fell on the page.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "17-handwriting/paper.hpp"
#include "17-handwriting/placing.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// How bright the eye finds each pixel's colour (luma, ITU-R BT.601).
// image (3, H, W), 0 to 1 -> (H, W)
inline Tensor<> grey_of(const Tensor<>& image) {
  require_rank(image.shape(), 3, "grey_of", "image");
  Tensor<> grey({image.extent(1), image.extent(2)});
  for (int y = 0; y < grey.extent(0); ++y)
    for (int x = 0; x < grey.extent(1); ++x)
      grey(y, x) = 0.299f * image(0, y, x) + 0.587f * image(1, y, x) +
                   0.114f * image(2, y, x);
  return grey;
}

// The image, shrunk if need be until no side is longer than `most` pixels.
// image (H, W) -> (H', W')
inline Tensor<> shrunk_to(const Tensor<>& image, int most) {
  require_rank(image.shape(), 2, "shrunk_to", "image");
  const int longest = std::max(image.extent(0), image.extent(1));
  if (longest <= most) return image;
  const auto side = [&](int size) {
    return std::max(1, static_cast<int>(std::lround(
                           static_cast<double>(size) * most / longest)));
  };
  return area_average(image, side(image.extent(0)), side(image.extent(1)));
}

// The share of the paper's light that each pixel does not give back (17.4):
// 0 for paper, towards 1 for black. grey (H, W), paper (H, W) -> (H, W)
inline Tensor<> ink_of(const Tensor<>& grey, const Tensor<>& paper) {
  require_shape(paper.shape(), grey.shape(), "ink_of", "paper");
  Tensor<> ink(grey.shape());
  for (std::size_t i = 0; i < ink.data().size(); ++i)
    ink.data()[i] =
        std::clamp(1.0f - grey.data()[i] / std::max(paper.data()[i], 0.05f),
                   0.0f, 1.0f);
  return ink;
}

struct Threshold {
  float value = 0;     // numbers above it are in the upper group
  float contrast = 0;  // the difference of the two groups' means
};

// The threshold that splits the numbers into the two groups whose means lie
// farthest apart, weighted by their sizes (Otsu 1979): the largest
// w0 w1 (mean1 - mean0)^2 over 256 levels. Both fields are 0 if all pixels
// have the same level. image (H, W), 0 to 1
inline Threshold otsu(const Tensor<>& image) {
  std::array<double, 256> count{};
  for (const float number : image.data())
    ++count[static_cast<std::size_t>(
        std::clamp(number * 255.0f + 0.5f, 0.0f, 255.0f))];
  double all = 0, sum = 0;
  for (std::size_t level = 0; level < 256; ++level) {
    all += count[level];
    sum += count[level] * static_cast<double>(level);
  }
  Threshold best;
  double below = 0, sum_below = 0, widest = -1;
  for (std::size_t level = 0; level < 255; ++level) {
    below += count[level];
    sum_below += count[level] * static_cast<double>(level);
    if (below == 0 || below == all) continue;
    const double apart =
        (sum - sum_below) / (all - below) - sum_below / below;
    const double between = below * (all - below) * apart * apart;  // (17.3)
    if (between > widest) {
      widest = between;
      best = {(static_cast<float>(level) + 0.5f) / 255.0f,
              static_cast<float>(apart) / 255.0f};
    }
  }
  return best;
}

// Whether the ink is lighter than what it is written on, as chalk is. Two
// conditions must hold. First, most pixels along the edge must be on the
// dark side of Otsu's threshold, which is also true of a page on a dark
// desk. Second, most pixels of a neighbourhood are paper, so its median is
// paper, and what lies far from it is ink: the cubes of the pixels'
// differences from this median must have a positive sum. grey (H, W)
inline bool is_light_on_dark(const Tensor<>& grey) {
  require_rank(grey.shape(), 2, "is_light_on_dark", "grey");
  const int H = grey.extent(0), W = grey.extent(1);
  const float threshold = otsu(grey).value;
  int dark = 0, edge = 0;
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W;
         x += y == 0 || y == H - 1 ? 1 : std::max(W - 1, 1)) {
      ++edge;
      dark += grey(y, x) <= threshold;
    }
  const Tensor<> median = enlarged(
      block_quantile(grey, std::min(H, 3), std::min(W, 3), 0.5), H, W);
  double cubes = 0;
  for (std::size_t i = 0; i < grey.data().size(); ++i)
    cubes += std::pow(grey.data()[i] - median.data()[i], 3.0f);
  return 2 * dark > edge && cubes > 0;
}

}  // namespace cnn
