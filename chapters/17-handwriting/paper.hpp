// How bright the paper of a photograph is at each place, whatever is
// written on it.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "common/tensor/tensor.hpp"

namespace cnn {

// Where the middle of cell `at` of `size` lies among `nodes` points that
// are evenly spread over the same length: the index of the node before it,
// and the share, 0 to 1, of the way from there to the next node.
inline std::pair<int, float> between_nodes(int at, int size, int nodes) {
  const double where = (at + 0.5) * nodes / size - 0.5;
  const double inside = std::clamp(where, 0.0, nodes - 1.0);
  const int first = static_cast<int>(inside);
  return {first, static_cast<float>(inside - first)};
}

// A small picture enlarged by linear interpolation between the middles of
// its pixels. image (h, w) -> (H, W)
inline Tensor<> enlarged(const Tensor<>& image, int H, int W) {
  require_rank(image.shape(), 2, "enlarged", "image");
  const int h = image.extent(0), w = image.extent(1);
  Tensor<> result({H, W});
  for (int y = 0; y < H; ++y) {
    const auto [top, down] = between_nodes(y, H, h);
    const int below = std::min(top + 1, h - 1);
    for (int x = 0; x < W; ++x) {
      const auto [left, across] = between_nodes(x, W, w);
      const int right = std::min(left + 1, w - 1);
      result(y, x) = (1 - down) * ((1 - across) * image(top, left) +
                                   across * image(top, right)) +
                     down * ((1 - across) * image(below, left) +
                             across * image(below, right));
    }
  }
  return result;
}

// The picture is cut into rows x columns blocks; for each, the level that
// `share` of its pixels (0 to less than 1) do not exceed. Each block must
// have a pixel. grey (H, W) -> (rows, columns)
inline Tensor<> block_quantile(const Tensor<>& grey, int rows, int columns,
                               double share) {
  require_rank(grey.shape(), 2, "block_quantile", "grey");
  const int H = grey.extent(0), W = grey.extent(1);
  Tensor<> result({rows, columns});
  std::vector<float> pixels;
  for (int by = 0; by < rows; ++by)
    for (int bx = 0; bx < columns; ++bx) {
      pixels.clear();
      for (int y = by * H / rows; y < (by + 1) * H / rows; ++y)
        for (int x = bx * W / columns; x < (bx + 1) * W / columns; ++x)
          pixels.push_back(grey(y, x));
      const auto at =
          pixels.begin() + static_cast<std::ptrdiff_t>(
                               static_cast<double>(pixels.size()) * share);
      std::nth_element(pixels.begin(), at, pixels.end());
      result(by, bx) = *at;
    }
  return result;
}

// Fills dark spots that are at most 2 reach cells wide or high, and keeps
// slopes and dark areas that enter from outside the picture. Each cell
// takes the largest of its neighbours up to `reach` cells away, and then
// the smallest of these maxima ("closing"). image (H, W) -> (H, W)
inline Tensor<> closed(const Tensor<>& image, int reach) {
  const int H = image.extent(0), W = image.extent(1);
  // `from` is larger by `reach` cells on each side than the result.
  const auto extreme = [&](const Tensor<>& from, bool largest) {
    const int rows = from.extent(0) - 2 * reach,
              columns = from.extent(1) - 2 * reach;
    Tensor<> to({rows, columns});
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) {
        float best = from(y, x);
        for (int dy = 0; dy <= 2 * reach; ++dy)
          for (int dx = 0; dx <= 2 * reach; ++dx)
            best = largest ? std::max(best, from(y + dy, x + dx))
                           : std::min(best, from(y + dy, x + dx));
        to(y, x) = best;
      }
    return to;
  };
  // The image, its outermost cells repeated 2 reach times on each side.
  Tensor<> wide({H + 4 * reach, W + 4 * reach});
  for (int y = 0; y < wide.extent(0); ++y)
    for (int x = 0; x < wide.extent(1); ++x)
      wide(y, x) = image(std::clamp(y - 2 * reach, 0, H - 1),
                         std::clamp(x - 2 * reach, 0, W - 1));
  return extreme(extreme(wide, true), false);
}

// How bright the paper is in each of the nearly square blocks, about 12 on
// the longer side: a level from the bright end of the block's pixels, but
// without dark spots from a broad pen. grey (H, W) -> (rows, columns)
inline Tensor<> paper_blocks(const Tensor<>& grey) {
  require_rank(grey.shape(), 2, "paper_blocks", "grey");
  const int H = grey.extent(0), W = grey.extent(1);
  const int block = std::max(8, std::max(H, W) / 12);
  return closed(block_quantile(grey, std::max(1, H / block),
                               std::max(1, W / block), 0.8),
                2);
}

// Paper is nowhere darker than this share of its brightest part. What is
// darker is not a shadow on the page but a desk, a thumb or a broad stroke.
inline constexpr float darkest_paper = 0.45f;

// How bright the paper is at each place, interpolated between the middles
// of the blocks, none of which counts as darker than darkest_paper allows.
// blocks (rows, columns) -> (H, W)
inline Tensor<> paper_of(Tensor<> blocks, int H, int W) {
  const auto levels = blocks.data();
  const float brightest = *std::max_element(levels.begin(), levels.end());
  for (float& level : levels)
    level = std::max(level, darkest_paper * brightest);
  return enlarged(blocks, H, W);
}

// The same, starting from the picture itself. grey (H, W) -> (H, W)
inline Tensor<> background_of(const Tensor<>& grey) {
  return paper_of(paper_blocks(grey), grey.extent(0), grey.extent(1));
}

}  // namespace cnn
