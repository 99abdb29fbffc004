// Steps 1 to 3: a shape, strides, and what they look like in memory.
// Book: book/01-tensor.md
#pragma once

#include <vector>

#include "01-tensor/figures.hpp"
#include "01-tensor/layout.hpp"
#include "01-tensor/stride_sums.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 1. Six numbers ----------------------------------------------------

inline void six_numbers() {
  step("Six numbers with a shape");
  const Tensor<> table({2, 3}, {10, 11, 12, 20, 21, 22});
  print("    In memory the numbers stand in a row:\n\n");
  print_matrix(table.reshaped({6}), 0);
  print("\n    The shape %s says: read them as 2 rows of 3.\n\n",
        to_string(table.shape()).c_str());
  print_matrix(table, 0);
  print(
      "\n    The strides %s say how far the next number lies along each "
      "axis:\n    the next row is %d numbers on, the next column %d.\n",
      to_string(table.strides()).c_str(), table.strides()[0],
      table.strides()[1]);
  print(
      "    Indices and places are counted from 0. Element (1, 2) lies at\n"
      "    %s = %d and is %.0f.\n",
      as_sum({1, 2}, table.strides()).c_str(),
      static_cast<int>(table.offset(1, 2)),
      static_cast<double>(table(1, 2)));
}

// ---- 2. Four axes ------------------------------------------------------

inline void four_axes(int place) {
  step("Four axes: images, channels, rows, columns");
  const Tensor<> batch({2, 3, 4, 5});
  print(
      "    A batch of 2 images with 3 channels of 4 rows and 5 columns has "
      "shape\n    (N, C, H, W) = %s and %d numbers.\n\n",
      to_string(batch.shape()).c_str(), batch.size());
  print(
      "    Each stride is the next one times the next extent:\n\n"
      "        %s\n\n"
      "    The tensor says %s.\n",
      as_products("ncyx", batch.shape()).c_str(),
      to_string(batch.strides()).c_str());
  print(
      "    The last element (1, 2, 3, 4) lies at\n"
      "    %s = %d, the last of %d places.\n",
      as_sum({1, 2, 3, 4}, batch.strides()).c_str(),
      static_cast<int>(batch.offset(1, 2, 3, 4)), batch.size());
  const std::vector<int> index = index_of(place, batch.shape());
  print(
      "    And back: place %d holds element %s, since\n"
      "    %d = %s.\n",
      place, to_string(index).c_str(), place,
      as_sum(index, batch.strides()).c_str());
}

// ---- 3. Memory ---------------------------------------------------------

inline void memory_strip(Program& program) {
  step("What that looks like in memory");
  print(
      "    The same for a smaller batch, cell by cell. Neighbours in a row "
      "are\n    neighbours in memory; neighbours in a column are a whole "
      "row apart.\n");
  program.figure("memory-strip.svg", MemoryStrip().svg(),
                 "rows in two shades, channels under brackets, a line per "
                 "image; the coloured cell is worked out below the strips");
}

}  // namespace cnn
