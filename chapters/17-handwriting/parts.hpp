// From ink to parts: groups of inked cells that touch.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "17-handwriting/placing.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The smallest box around some cells (y, x).
// Throws std::out_of_range if there are no cells.
inline Box box_of(const std::vector<std::pair<int, int>>& cells) {
  if (cells.empty()) fail(Refusal::index, "box_of: no cell, so no box");
  const auto [y0, x0] = cells.front();
  Box box = {y0, x0, y0 + 1, x0 + 1};
  for (const auto& [y, x] : cells)
    box = {std::min(box.top, y), std::min(box.left, x),
           std::max(box.bottom, y + 1), std::max(box.right, x + 1)};
  return box;
}

// Cells that touch, if only at a corner; or several such groups, joined.
struct Part {
  Box box;
  std::vector<std::pair<int, int>> cells;  // (y, x)

  int area() const { return static_cast<int>(cells.size()); }
};

// The parts of all ink above a threshold, in the order of their first
// cells, row by row. ink (H, W)
inline std::vector<Part> parts_of(const Tensor<>& ink, float threshold) {
  require_rank(ink.shape(), 2, "parts_of", "ink");
  const int H = ink.extent(0), W = ink.extent(1);
  std::vector<char> seen(static_cast<std::size_t>(ink.size()), 0);
  const auto is_new = [&](int y, int x) {
    return y >= 0 && x >= 0 && y < H && x < W && ink(y, x) > threshold &&
           !seen[ink.offset(y, x)];
  };
  std::vector<Part> parts;
  for (int y0 = 0; y0 < H; ++y0)
    for (int x0 = 0; x0 < W; ++x0) {
      if (!is_new(y0, x0)) continue;
      Part part = {{}, {{y0, x0}}};
      seen[ink.offset(y0, x0)] = 1;
      for (std::size_t next = 0; next < part.cells.size(); ++next) {
        const auto [y, x] = part.cells[next];
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx)
            if (is_new(y + dy, x + dx)) {
              seen[ink.offset(y + dy, x + dx)] = 1;
              part.cells.emplace_back(y + dy, x + dx);
            }
      }
      part.box = box_of(part.cells);
      parts.push_back(std::move(part));
    }
  return parts;
}

inline Part joined(Part a, const Part& b) {
  a.box = {std::min(a.box.top, b.box.top), std::min(a.box.left, b.box.left),
           std::max(a.box.bottom, b.box.bottom),
           std::max(a.box.right, b.box.right)};
  a.cells.insert(a.cells.end(), b.cells.begin(), b.cells.end());
  return a;
}

// The ink of one part alone, without what else lies in its box.
// ink (H, W) -> (box.height(), box.width())
inline Tensor<> ink_of_part(const Tensor<>& ink, const Part& part) {
  Tensor<> alone({part.box.height(), part.box.width()});
  for (const auto& [y, x] : part.cells)
    alone(y - part.box.top, x - part.box.left) = ink(y, x);
  return alone;
}

}  // namespace cnn
