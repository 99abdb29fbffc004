// How wide a pen's strokes are.
// Book: book/17-handwriting.md
#pragma once

#include "common/tensor/tensor.hpp"

namespace cnn {

// The mean width of the strokes, in cells. A stroke of length l and width w
// has the area l w and, if it is long, the perimeter 2 l, so w = 2 area /
// perimeter. Cells above `threshold` are ink. We count the cell sides
// between ink and paper, which are on average 4 / pi times as long as the
// outline of a slanting stroke. Returns 0 if there is no ink. ink (H, W)
inline double stroke_width(const Tensor<>& ink, float threshold = 0) {
  require_rank(ink.shape(), 2, "stroke_width", "ink");
  const int H = ink.extent(0), W = ink.extent(1);
  const auto at = [&](int y, int x) {
    return y >= 0 && x >= 0 && y < H && x < W && ink(y, x) > threshold;
  };
  double area = 0, sides = 0;
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      if (!at(y, x)) continue;
      area += 1;
      sides +=
          !at(y - 1, x) + !at(y + 1, x) + !at(y, x - 1) + !at(y, x + 1);
    }
  return sides == 0 ? 0 : 2 * area / (sides * 3.14159265358979 / 4);
}

}  // namespace cnn
