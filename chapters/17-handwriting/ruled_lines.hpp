// Takes out the lines of ruled and squared paper: a printed line goes from
// one edge of the picture to the other, and a stroke does not.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <optional>

#include "07-speed/im2col.hpp"
#include "17-handwriting/stroke.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A line across the picture: it is in row `row` in the first column, and
// `fall` rows further down in the last.
struct RuledLine {
  int row = 0, fall = 0;

  int row_at(int x, int W) const {
    return row + (W < 2 ? 0 : (fall * x + (W - 1) / 2) / (W - 1));
  }
};

// Marks the vertical runs of inked cells that are at most `most` cells
// high. ink (H, W) -> 1 on these runs and 0 elsewhere, (H, W)
inline Tensor<> low_runs(const Tensor<>& ink, float threshold,
                         double most) {
  const int H = ink.extent(0), W = ink.extent(1);
  Tensor<> low({H, W});
  for (int x = 0; x < W; ++x)
    for (int top = 0; top < H; ++top) {
      int bottom = top;
      while (bottom < H && ink(bottom, x) > threshold) ++bottom;
      if (bottom - top <= most)
        for (int y = top; y < bottom; ++y) low(y, x) = 1;
      top = bottom;
    }
  return low;
}

// Of the lines whose fall differs from `fall` by at most `most`, the one on
// which the most columns have a low run. Nothing unless these are more than
// 0.6 of all columns, and more than half of those in the first and in the
// last tenth of the width. low (H, W)
inline std::optional<RuledLine> inkiest_line(const Tensor<>& low, int fall,
                                             int most) {
  const int H = low.extent(0), W = low.extent(1);
  const int step = std::max(1, W / 120);  // a sample of columns suffices
  const int columns = (W + step - 1) / step;
  std::optional<RuledLine> best;
  int most_hits = 6 * columns / 10;
  for (int tilt = fall - most; tilt <= fall + most; ++tilt)
    for (int row = std::max(0, -tilt); row < H - std::max(0, tilt); ++row) {
      const RuledLine line = {row, tilt};
      int hits = 0, left = 0, right = 0;
      for (int x = 0; x < W; x += step)
        if (low(line.row_at(x, W), x) > 0) {
          ++hits;
          left += 10 * x < W;
          right += 10 * x > 9 * W;
        }
      if (hits > most_hits && std::min(left, right) > columns / 20) {
        most_hits = hits;
        best = line;
      }
    }
  return best;
}

// Erases the low runs that come within `reach` rows of a line, both from
// the ink and from `low`.
inline void erase_line(Tensor<>& ink, Tensor<>& low, const RuledLine& line,
                       int reach) {
  const int H = ink.extent(0), W = ink.extent(1);
  for (int x = 0; x < W; ++x) {
    const int row = line.row_at(x, W);
    for (int y = std::max(0, row - reach);
         y <= std::min(H - 1, row + reach); ++y) {
      if (low(y, x) == 0) continue;
      int top = y;
      while (top > 0 && low(top - 1, x) > 0) --top;
      for (; top < H && low(top, x) > 0; ++top)
        low(top, x) = ink(top, x) = 0;
    }
  }
}

// The ink without lines from the left edge to the right one. The first may
// tilt by at most one row in sixteen columns, and the others must be nearly
// parallel to the one before. Where a stroke crosses a line, the ink in
// that column is higher than a line is thick, so it stays. Staves are taken
// out of printed music in the same way. ink (H, W) -> (H, W)
inline Tensor<> without_level_lines(Tensor<> ink, float threshold) {
  const double thick = std::max(4.0, 1.5 * stroke_width(ink, threshold));
  Tensor<> low = low_runs(ink, threshold, thick);
  const int W = ink.extent(1), reach = std::max(1, W / 200);
  int fall = 0, most = W / 16;
  for (int found = 0; found < 100; ++found) {
    const std::optional<RuledLine> line = inkiest_line(low, fall, most);
    if (!line) break;
    erase_line(ink, low, *line, reach);
    fall = line->fall;
    most = std::max(2, W / 64);
  }
  return ink;
}

// The ink without level lines and without the vertical lines of squared
// paper. ink (H, W) -> (H, W)
inline Tensor<> without_ruled_lines(const Tensor<>& ink, float threshold) {
  return transposed(without_level_lines(
      transposed(without_level_lines(ink, threshold)), threshold));
}

}  // namespace cnn
