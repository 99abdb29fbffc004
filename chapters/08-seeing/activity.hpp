// Which filters work and which never answer, and how strong the answers
// are.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "08-seeing/receptive_field.hpp"
#include "08-seeing/strongest.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// What one layer answered to all images of a data set.
struct Activity {
  std::vector<int> alive;  // cells above 0, for each channel
  int cells = 0;           // of one channel over all images

  // Channels without a single cell above 0: after a ReLU they say nothing
  // and, as ReLU's gradient is 0 there, their weights get no gradient.
  int dead() const {
    return static_cast<int>(std::count(alive.begin(), alive.end(), 0));
  }
  bool blind() const {  // are all of them dead?
    return dead() == static_cast<int>(alive.size());
  }
  // The share of all cells that are above 0; 0 if there are none.
  double share() const {
    if (cells == 0) return 0;
    double sum = 0;
    for (const int count : alive) sum += count;
    return sum /
           (static_cast<double>(cells) * static_cast<double>(alive.size()));
  }
};

// Throws std::invalid_argument for a layer that there is not.
inline Activity activity(FastNetwork& network, const Dataset& data,
                         std::size_t layer) {
  Activity it;
  for_outputs(network, data, [&](int, const auto& outputs) {
    const Tensor<>& output = output_of(outputs, layer, "activity");
    const int N = output.extent(0), C = output.extent(1);
    const int area = output.size() / (N * C);
    it.alive.resize(static_cast<std::size_t>(C));
    it.cells += N * area;
    for (int i = 0; i < output.size(); ++i)
      it.alive[static_cast<std::size_t>(i / area % C)] +=
          output.data()[static_cast<std::size_t>(i)] > 0;
  });
  return it;
}

// Which cells of a layer's maps see anything but black.
// images (N, 1, H, W) -> (N, side, side), 1 or 0
// Throws std::invalid_argument for images of more channels.
inline Tensor<> sees_ink(const Tensor<>& images,
                         const ReceptiveField& field, int side) {
  require_rank(images.shape(), 4, "sees_ink", "images");
  const int H = images.extent(2), W = images.extent(3);
  require_shape(images.shape(), {images.extent(0), 1, H, W}, "sees_ink",
                "images");
  Tensor<> ink({images.extent(0), side, side});
  for (int n = 0; n < images.extent(0); ++n)
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x) {
        if (images(n, 0, y, x) == 0) continue;
        for (int i = 0; i < side; ++i)  // the cells that see this pixel
          for (int j = 0; j < side; ++j) {
            const int above = y - field.begin(i);
            const int left = x - field.begin(j);
            if (above >= 0 && above < field.size && left >= 0 &&
                left < field.size)
              ink(n, i, j) = 1;
          }
      }
  return ink;
}

// The activations of all cells that see ink, in all channels.
// output (N, C, side, side), ink (N, side, side)
inline std::vector<float> cells_on_ink(const Tensor<>& output,
                                       const Tensor<>& ink) {
  require_rank(output.shape(), 4, "cells_on_ink", "output");
  require_shape(ink.shape(),
                {output.extent(0), output.extent(2), output.extent(3)},
                "cells_on_ink", "ink");
  std::vector<float> some;
  for (int n = 0; n < output.extent(0); ++n)
    for (int c = 0; c < output.extent(1); ++c)
      for (int y = 0; y < output.extent(2); ++y)
        for (int x = 0; x < output.extent(3); ++x)
          if (ink(n, y, x) != 0) some.push_back(output(n, c, y, x));
  return some;
}

// The share of some numbers that are above 0.
inline double share_positive(std::span<const float> numbers) {
  const auto positive = std::count_if(numbers.begin(), numbers.end(),
                                      [](float it) { return it > 0; });
  return static_cast<double>(positive) /
         static_cast<double>(std::max<std::size_t>(numbers.size(), 1));
}

// The share of the numbers that lie in each of `bins` intervals of equal
// width from low to high; those outside count in the first or the last.
// Throws std::invalid_argument for no interval, or if one of the numbers is
// a NaN, which lies in none.
inline std::vector<double> share_in_bins(std::span<const float> numbers,
                                         float low, float high, int bins) {
  if (!(low < high) || bins < 1)
    fail(Refusal::argument,
         "share_in_bins: expected low < high and 1 bin or more, got " +
             std::to_string(low) + ", " + std::to_string(high) + " and " +
             std::to_string(bins));
  std::vector<double> shares(static_cast<std::size_t>(bins));
  const float width = (high - low) / static_cast<float>(bins);
  for (const float number : numbers) {
    if (std::isnan(number))
      fail(Refusal::argument, "share_in_bins: expected numbers, got NaN");
    const auto bin = static_cast<int>(std::clamp(
        (number - low) / width, 0.0f, static_cast<float>(bins) - 0.5f));
    shares[static_cast<std::size_t>(bin)] +=
        1.0 / static_cast<double>(numbers.size());
  }
  return shares;
}

}  // namespace cnn
