// A page that lies on a darker desk, found by its brightness.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "17-handwriting/ink.hpp"
#include "17-handwriting/parts.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The first and the last cell of a part in each row, or in each column.
struct Spans {
  std::vector<int> first, last;

  // How many cells there are from `at` to the nearer end of the span in
  // `line`, both included; 0 or less if `at` lies outside the span.
  int within(int line, int at) const {
    const auto i = static_cast<std::size_t>(line);
    return std::min(at - first[i], last[i] - at) + 1;
  }
};

// lines: how many rows the picture has, or columns if `columns`. In a line
// without a cell of the part, every cell lies outside.
inline Spans spans_of(const Part& part, int lines, bool columns) {
  const auto count = static_cast<std::size_t>(lines);
  Spans spans = {std::vector<int>(count, std::numeric_limits<int>::max()),
                 std::vector<int>(count, -1)};
  for (const auto& [y, x] : part.cells) {
    const auto line = static_cast<std::size_t>(columns ? x : y);
    const int at = columns ? y : x;
    spans.first[line] = std::min(spans.first[line], at);
    spans.last[line] = std::max(spans.last[line], at);
  }
  return spans;
}

// For each side of the picture, the share of its pixels that are no
// brighter than a threshold; returns the smallest of the four. grey (H, W)
inline double dark_share_of_sides(const Tensor<>& grey, float threshold) {
  const int H = grey.extent(0), W = grey.extent(1);
  int top = 0, bottom = 0, left = 0, right = 0;
  for (int x = 0; x < W; ++x) {
    top += grey(0, x) <= threshold;
    bottom += grey(H - 1, x) <= threshold;
  }
  for (int y = 0; y < H; ++y) {
    left += grey(y, 0) <= threshold;
    right += grey(y, W - 1) <= threshold;
  }
  return std::min(std::min(top, bottom) / static_cast<double>(W),
                  std::min(left, right) / static_cast<double>(H));
}

// Finds a page that lies on a darker desk. At least nine tenths of each
// side of the picture must be desk, and the largest bright part may be the
// page. Chalk on a board is bright as well, but a page fills most of its
// box, and ink leaves most of the page bright. The desk must be clearly
// darker than the paper, because a shadow takes away less of the light.
// grey (H, W) -> 1 on the page, well inside its edge, and 0 elsewhere;
// nothing if there is no such page
inline std::optional<Tensor<>> page_on_desk(const Tensor<>& grey) {
  const int H = grey.extent(0), W = grey.extent(1);
  const float threshold = otsu(grey).value;
  if (dark_share_of_sides(grey, threshold) < 0.9) return std::nullopt;
  const std::vector<Part> bright = parts_of(grey, threshold);
  if (bright.empty()) return std::nullopt;
  const Part& page = *std::max_element(
      bright.begin(), bright.end(),
      [](const Part& a, const Part& b) { return a.area() < b.area(); });
  const Spans rows = spans_of(page, H, false),
              columns = spans_of(page, W, true);
  const int margin = 1 + std::max(H, W) / 100;
  Tensor<> inside(grey.shape());
  int around = 0;  // cells inside the page's outline, writing included
  double desk = 0, paper = 0;
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      const int within = std::min(rows.within(y, x), columns.within(x, y));
      inside(y, x) = within > margin ? 1.0f : 0.0f;
      around += within > 0;
      if (within <= 0) desk += static_cast<double>(grey(y, x));
    }
  for (const auto& [y, x] : page.cells)
    paper += static_cast<double>(grey(y, x));
  const int off = H * W - around;
  const bool is_page =
      10 * around > 3 * H * W &&
      5 * around > 4 * page.box.height() * page.box.width() &&
      6 * page.area() > 5 * around && off > 0 &&
      desk / off < 0.7 * paper / page.area();
  return is_page ? std::optional(inside) : std::nullopt;
}

// Makes the desk look as if the page went on. A cell beside the page
// becomes as bright as the nearest cell of the page in its row, and a row
// above or below the page becomes a copy of the nearest row that has some.
// So the estimate of the paper is no darker at the page's edge.
// grey, page (H, W) -> (H, W)
inline Tensor<> page_continued(Tensor<> grey, const Tensor<>& page) {
  const int H = grey.extent(0), W = grey.extent(1);
  std::vector<int> page_rows;  // rows that have page, from top to bottom
  for (int y = 0; y < H; ++y) {
    int first = 0, last = W - 1;
    while (first < W && !(page(y, first) > 0)) ++first;
    while (last > first && !(page(y, last) > 0)) --last;
    if (first == W) continue;
    page_rows.push_back(y);
    for (int x = 0; x < first; ++x) grey(y, x) = grey(y, first);
    for (int x = last + 1; x < W; ++x) grey(y, x) = grey(y, last);
  }
  if (page_rows.empty()) return grey;
  for (int y = 0; y < H; ++y) {
    const int from = std::clamp(y, page_rows.front(), page_rows.back());
    if (from != y)
      for (int x = 0; x < W; ++x) grey(y, x) = grey(from, x);
  }
  return grey;
}

}  // namespace cnn
