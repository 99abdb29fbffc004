// Which part of a picture an answer rests on: cover a part, and see whether
// the answer holds (Zeiler and Fergus 2014, "Visualizing and Understanding
// Convolutional Networks", section 4.2).
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A square of `side` x `side` pixels slides over the image. Cell (y, x) of
// the map is what `probability` returns for the image in which the square
// with the top left pixel (y, x) is filled with `grey`, in all channels.
// `probability` is called once for each row of squares.
// image (C, H, W), probability: (N, C, H, W) -> N numbers
// -> (H - side + 1, W - side + 1)
// Throws std::invalid_argument if the square is smaller than a pixel or
// does not fit into the image.
template <class Probability>
Tensor<> occlusion_map(const Tensor<>& image, int side, float grey,
                       const Probability& probability) {
  require_rank(image.shape(), 3, "occlusion_map", "image");
  const int C = image.extent(0), H = image.extent(1), W = image.extent(2);
  if (side < 1 || side > H || side > W)
    fail(Refusal::argument, "occlusion_map: expected a square of 1 to " +
                                std::to_string(std::min(H, W)) +
                                " pixels, got " + std::to_string(side));
  Tensor<> map({H - side + 1, W - side + 1});
  for (int y = 0; y < map.extent(0); ++y) {
    Tensor<> covered({map.extent(1), C, H, W});  // one row of squares
    for (int x = 0; x < map.extent(1); ++x)
      for (int c = 0; c < C; ++c)
        for (int i = 0; i < H; ++i)
          for (int j = 0; j < W; ++j) {
            const bool hidden =
                i >= y && i < y + side && j >= x && j < x + side;
            covered(x, c, i, j) = hidden ? grey : image(c, i, j);
          }
    const std::vector<float> row = probability(covered);
    for (int x = 0; x < map.extent(1); ++x)
      map(y, x) = row.at(static_cast<std::size_t>(x));
  }
  return map;
}

// A map for pixels instead of squares: for each pixel, the mean over all
// squares that cover it.
// map (H - side + 1, W - side + 1) -> (H, W)
// Throws std::invalid_argument for a side below 1 or an empty map.
inline Tensor<> mean_of_squares(const Tensor<>& map, int side) {
  require_rank(map.shape(), 2, "mean_of_squares", "map");
  if (side < 1 || map.size() == 0)
    fail(Refusal::argument,
         "mean_of_squares: expected a square of 1 pixel or more and a map, "
         "got " +
             std::to_string(side) + " and " + to_string(map.shape()));
  Tensor<> sum({map.extent(0) + side - 1, map.extent(1) + side - 1});
  Tensor<> count(sum.shape());
  for (int y = 0; y < map.extent(0); ++y)
    for (int x = 0; x < map.extent(1); ++x)
      for (int i = 0; i < side; ++i)
        for (int j = 0; j < side; ++j) {
          sum(y + i, x + j) += map(y, x);
          count(y + i, x + j) += 1;
        }
  for (std::size_t i = 0; i < sum.data().size(); ++i)
    sum.data()[i] /= count.data()[i];
  return sum;
}

}  // namespace cnn
