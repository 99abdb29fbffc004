// Digits that touch: a part is cut in two where its ink is thin, if the
// network is then sure of both halves.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "06-training/batches.hpp"
#include "17-handwriting/parts.hpp"
#include "17-handwriting/placing.hpp"
#include "17-handwriting/stroke.hpp"
#include "17-handwriting/views.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A part as the network is shown it. -> (28, 28)
inline Tensor<> crop_of(const Tensor<>& ink, const Part& part) {
  return placed_as_mnist(ink_of_part(ink, part));
}

// The crops of some parts as a batch. -> (N, 1, 28, 28)
inline Tensor<> crops_of(const Tensor<>& ink,
                         const std::vector<Part>& parts) {
  Tensor<> batch({static_cast<int>(parts.size()), 1, 28, 28});
  for (std::size_t n = 0; n < parts.size(); ++n) {
    const Tensor<> crop = crop_of(ink, parts[n]);
    set_row(batch, static_cast<int>(n), crop.data());
  }
  return batch;
}

// The largest probability of item n. probabilities (N, classes)
inline float certainty(const Tensor<>& probabilities, int n) {
  const auto row = row_of(probabilities, n);
  return *std::max_element(row.begin(), row.end());
}

// A straight line that crosses a part. It goes through column `x` in the
// part's middle row, and `slant` columns to the right with each row up.
struct Cut {
  double x = 0, slant = 0;

  // How many columns to the right of the line a cell's middle lies.
  // box: the part's
  double from_line(const Box& box, int cell_y, int cell_x) const {
    return cell_x + 0.5 - x +
           slant * (cell_y + 0.5 - (box.top + box.bottom) / 2.0);
  }
};

struct Halves {
  Part left, right;
};

// Throws std::out_of_range, like box_of(), if all ink is on one side.
inline Halves halves_of(const Part& part, const Cut& cut) {
  Halves halves;
  for (const auto& cell : part.cells)
    (cut.from_line(part.box, cell.first, cell.second) < 0 ? halves.left
                                                          : halves.right)
        .cells.push_back(cell);
  for (Part* half : {&halves.left, &halves.right})
    half->box = box_of(half->cells);
  return halves;
}

// The two halves from each cut of a part that goes through at most `most`
// cells of ink and leaves at least a sixth of the ink, and two fifths of
// the height, on either side.
inline std::vector<Halves> thin_cuts(const Part& part, double most) {
  std::vector<Halves> cuts;
  const int width = part.box.width();
  const double step = std::max(1.0, width / 40.0);
  for (const double slant : {0.0, 0.25, 0.5, -0.25})
    for (double x = part.box.left + width / 8.0;
         x < part.box.right - width / 8.0; x += step) {
      const Cut cut = {x, slant};
      int through = 0, left = 0;
      for (const auto& [cell_y, cell_x] : part.cells) {
        const double away = cut.from_line(part.box, cell_y, cell_x);
        through += std::abs(away) <= 0.5;
        left += away < 0;
      }
      if (through > most ||
          6 * std::min(left, part.area() - left) < part.area())
        continue;
      Halves halves = halves_of(part, cut);
      if (5 * std::min(halves.left.box.height(),
                       halves.right.box.height()) >=
          2 * part.box.height())
        cuts.push_back(std::move(halves));
    }
  return cuts;
}

// How likely a part is to be two digits, judged by its shape before the
// network looks at it. Of MNIST's digits, 8 % are wider than 1.1 times
// their height and 1 % wider than 1.3 times.
inline double chance_of_two(const Box& box) {
  const double aspect = static_cast<double>(box.width()) / box.height();
  return aspect < 0.5 ? 0 : aspect < 1.3 ? 0.45 : aspect < 1.6 ? 0.5 : 0.8;
}

// Splits one part into the digits in it, from left to right. Of all thin
// cuts we take the one whose less certain half the network is surest of,
// provided that it is at least 0.9 sure and that two digits are likelier
// than one. A half may be split again, up to a depth of `depth` cuts.
inline std::vector<Part> split_touching(const Tensor<>& ink,
                                        const Part& part,
                                        const Reader& reader,
                                        int depth = 2) {
  const double two = chance_of_two(part.box);
  if (depth == 0 || two == 0) return {part};
  const std::vector<Halves> cuts =
      thin_cuts(part, 1.5 * stroke_width(ink_of_part(ink, part)));
  std::vector<Part> asked = {part};
  for (const Halves& halves : cuts) {
    asked.push_back(halves.left);
    asked.push_back(halves.right);
  }
  const Tensor<> probabilities =
      in_batches(crops_of(ink, asked),
                 [&](int, const Tensor<>& some) { return reader(some); });
  double surest = 0;
  const Halves* best = nullptr;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const int n = static_cast<int>(2 * i + 1);
    const double both = std::min(certainty(probabilities, n),
                                 certainty(probabilities, n + 1));
    if (both > surest) {
      surest = both;
      best = &cuts[i];
    }
  }
  if (surest < 0.9) return {part};
  const Tensor<> steady = steady_answers(
      crops_of(ink, {part, best->left, best->right}), reader);
  surest = std::min(certainty(steady, 1), certainty(steady, 2));
  if (surest < 0.9 || two * surest < (1 - two) * certainty(steady, 0))
    return {part};
  std::vector<Part> digits;
  for (const Part* half : {&best->left, &best->right})
    for (Part& digit : split_touching(ink, *half, reader, depth - 1))
      digits.push_back(std::move(digit));
  return digits;
}

}  // namespace cnn
