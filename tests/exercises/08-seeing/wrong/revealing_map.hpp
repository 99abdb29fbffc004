// The mistake that a reader is most likely to make.
#pragma once

#include <stdexcept>
#include <vector>

#include "08-seeing/occlusion.hpp"

namespace cnn {

// Covers the square and shows the rest, as occlusion_map() does.
template <class Probability>
Tensor<> revealing_map(const Tensor<>& image, int side, float grey,
                       const Probability& probability) {
  const int C = image.extent(0), H = image.extent(1), W = image.extent(2);
  if (side < 1 || side > H || side > W)
    throw std::invalid_argument("revealing_map: the square does not fit");
  Tensor<> map({H - side + 1, W - side + 1});
  for (int y = 0; y < map.extent(0); ++y) {
    Tensor<> shown({map.extent(1), C, H, W});
    for (int x = 0; x < map.extent(1); ++x)
      for (int c = 0; c < C; ++c)
        for (int i = 0; i < H; ++i)
          for (int j = 0; j < W; ++j) {
            const bool inside =
                i >= y && i < y + side && j >= x && j < x + side;
            shown(x, c, i, j) = inside ? grey : image(c, i, j);
          }
    const std::vector<float> row = probability(shown);
    for (int x = 0; x < map.extent(1); ++x)
      map(y, x) = row.at(static_cast<std::size_t>(x));
  }
  return map;
}

}  // namespace cnn
