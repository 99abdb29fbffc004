// One way to solve exercises/revealing_map.hpp.
#pragma once

#include <vector>

#include "08-seeing/occlusion.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

template <class Probability>
Tensor<> revealing_map(const Tensor<>& image, int side, float grey,
                       const Probability& probability) {
  const int C = image.extent(0), H = image.extent(1), W = image.extent(2);
  if (side < 1 || side > H || side > W)
    fail(Refusal::argument, "revealing_map: the square does not fit");
  Tensor<> map({H - side + 1, W - side + 1});
  for (int y = 0; y < map.extent(0); ++y) {
    Tensor<> shown({map.extent(1), C, H, W}, grey);  // one row of squares
    for (int x = 0; x < map.extent(1); ++x)
      for (int c = 0; c < C; ++c)
        for (int i = y; i < y + side; ++i)
          for (int j = x; j < x + side; ++j)
            shown(x, c, i, j) = image(c, i, j);
    const std::vector<float> row = probability(shown);
    for (int x = 0; x < map.extent(1); ++x)
      map(y, x) = row.at(static_cast<std::size_t>(x));
  }
  return map;
}

}  // namespace cnn
