// Ruled and squared paper: a printed line goes from one edge of the picture
// to the other, a stroke does not.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <optional>

#include "07-speed/im2col.hpp"
#include "17-handwriting/stroke.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A line across the picture: row `row` in its first column, `rise` rows
// further down in its last.
struct RuledLine {
  int row = 0, rise = 0;

  int row_at(int x, int W) const {
    return row + (W < 2 ? 0 : (rise * x + (W - 1) / 2) / (W - 1));
  }
};

// The ink of every column that is at most `most` cells high, and nothing
// else. ink (H, W) -> (H, W)
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

// The line on which most columns have a low run, of those whose rise is at
// most `most` away from `rise`; nothing if that is less than 0.6 of the
// columns, or half of the first tenth of them, or of the last. low (H, W)
inline std::optional<RuledLine> inkiest_line(const Tensor<>& low, int rise,
                                             int most) {
  const int H = low.extent(0), W = low.extent(1);
  const int step = std::max(1, W / 120);  // not every column is asked
  const int columns = (W + step - 1) / step;
  std::optional<RuledLine> best;
  int most_hits = 6 * columns / 10;
  for (int tilt = rise - most; tilt <= rise + most; ++tilt)
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

// Takes the low runs that come within `reach` rows of a line out of the
// ink, and out of `low`.
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

// The ink without lines from the left edge to the right one that tilt by at
// most one in sixteen; they are parallel. Where a stroke crosses a line,
// the ink in that column is higher than a line is thick, and stays: so
// staves are taken out of printed music. ink (H, W) -> (H, W)
inline Tensor<> without_level_lines(Tensor<> ink, float threshold) {
  const double thick = std::max(4.0, 1.5 * stroke_width(ink, threshold));
  Tensor<> low = low_runs(ink, threshold, thick);
  const int W = ink.extent(1), reach = std::max(1, W / 200);
  int rise = 0, most = W / 16;
  for (int found = 0; found < 100; ++found) {
    const std::optional<RuledLine> line = inkiest_line(low, rise, most);
    if (!line) break;
    erase_line(ink, low, *line, reach);
    rise = line->rise;
    most = std::max(2, W / 64);
  }
  return ink;
}

// Without the upright ones of squared paper as well. (H, W) -> (H, W)
inline Tensor<> without_ruled_lines(const Tensor<>& ink, float threshold) {
  return transposed(without_level_lines(
      transposed(without_level_lines(ink, threshold)), threshold));
}

}  // namespace cnn
