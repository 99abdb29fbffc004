// The desk along a side of the picture, and a thumb on the page.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "17-handwriting/ink.hpp"
#include "17-handwriting/parts.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The blocks that are too dark for paper and connected to the edge, if they
// cover at least a quarter of the edge. Otherwise there is no desk, because
// a broad stroke may touch the edge, too.
// blocks (rows, columns), from paper_blocks() -> 1 for desk, else 0
inline Tensor<> desk_in(const Tensor<>& blocks) {
  const int rows = blocks.extent(0), columns = blocks.extent(1);
  const auto levels = blocks.data();
  const float brightest = *std::max_element(levels.begin(), levels.end());
  Tensor<> dark(blocks.shape());
  for (std::size_t i = 0; i < levels.size(); ++i)
    dark.data()[i] = levels[i] < darkest_paper * brightest ? 1.0f : 0.0f;
  const auto at_edge = [&](const std::pair<int, int>& block) {
    return block.first == 0 || block.second == 0 ||
           block.first == rows - 1 || block.second == columns - 1;
  };
  Tensor<> desk(blocks.shape());
  int touching = 0;
  for (const Part& part : parts_of(dark, 0.5f)) {
    const auto touches =
        std::count_if(part.cells.begin(), part.cells.end(), at_edge);
    touching += static_cast<int>(touches);
    if (touches > 0)
      for (const auto& [y, x] : part.cells) desk(y, x) = 1;
  }
  const int edge = 2 * (rows + columns) - 4;
  return 4 * touching >= edge ? desk : Tensor<>(blocks.shape());
}

// Turns all of the desk into ink. It is then one part, ragged border
// included, which lies along the edge and will be left out.
// ink (H, W), desk (rows, columns)
inline void ink_all(Tensor<>& ink, const Tensor<>& desk) {
  const int H = ink.extent(0), W = ink.extent(1);
  const int rows = desk.extent(0), columns = desk.extent(1);
  for (int by = 0; by < rows; ++by)
    for (int bx = 0; bx < columns; ++bx)
      if (desk(by, bx) > 0)
        for (int y = by * H / rows; y < (by + 1) * H / rows; ++y)
          for (int x = bx * W / columns; x < (bx + 1) * W / columns; ++x)
            ink(y, x) = 1;
}

}  // namespace cnn
