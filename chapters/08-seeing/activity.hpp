// Which filters are active and which are dead, and how their activations
// are spread.
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

// How active the channels of one layer are over all images of a data set.
struct Activity {
  std::vector<int> alive;  // for each channel, the number of cells above 0
  int cells = 0;           // cells of one channel, over all images

  // The number of channels without a single cell above 0. After a ReLU they
  // pass nothing on, and because ReLU's gradient is 0 there, their weights
  // get no gradient.
  int dead() const {
    return static_cast<int>(std::count(alive.begin(), alive.end(), 0));
  }
  bool blind() const {  // whether all channels are dead
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

// Counts the cells above 0 in the output of layer number `layer`.
// Throws std::invalid_argument if there is no such layer.
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

// 1 for each cell of a layer's maps whose receptive field holds a pixel
// that is not black, and 0 for all others.
// images (N, 1, H, W) -> (N, side, side)
// Throws std::invalid_argument for images with more than one channel.
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
            const int row = y - field.begin(i);
            const int column = x - field.begin(j);
            if (row >= 0 && row < field.size && column >= 0 &&
                column < field.size)
              ink(n, i, j) = 1;
          }
      }
  return ink;
}

// The activations, in all channels, of the cells that see ink.
// output (N, C, side, side), ink (N, side, side): from sees_ink()
inline std::vector<float> cells_on_ink(const Tensor<>& output,
                                       const Tensor<>& ink) {
  require_rank(output.shape(), 4, "cells_on_ink", "output");
  require_shape(ink.shape(),
                {output.extent(0), output.extent(2), output.extent(3)},
                "cells_on_ink", "ink");
  std::vector<float> activations;
  for (int n = 0; n < output.extent(0); ++n)
    for (int c = 0; c < output.extent(1); ++c)
      for (int y = 0; y < output.extent(2); ++y)
        for (int x = 0; x < output.extent(3); ++x)
          if (ink(n, y, x) != 0) activations.push_back(output(n, c, y, x));
  return activations;
}

// The share of the numbers that are above 0; 0 if there are no numbers.
inline double share_positive(std::span<const float> numbers) {
  const auto positive = std::count_if(numbers.begin(), numbers.end(),
                                      [](float it) { return it > 0; });
  return static_cast<double>(positive) /
         static_cast<double>(std::max<std::size_t>(numbers.size(), 1));
}

// The share of the numbers that lie in each of `bins` intervals of equal
// width from low to high. Numbers outside this range count in the first or
// the last interval.
// Throws std::invalid_argument unless low < high and bins >= 1, or if a
// number is NaN, which lies in no interval.
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
