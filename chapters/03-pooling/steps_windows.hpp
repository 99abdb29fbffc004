// Steps 1 to 5: windows by hand, where they overlap, how many there are,
// what stands in the border, and a digit's edges pooled.
// Book: book/03-pooling.md
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "01-tensor/steps_refusal.hpp"
#include "02-convolution/convolution.hpp"
#include "02-convolution/pictures.hpp"
#include "03-pooling/figures.hpp"
#include "03-pooling/pooled_windows.hpp"
#include "03-pooling/pooling.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline std::string number(double value, int decimals) {
  return format("%.*f", decimals, value);
}

// ---- 1. By hand --------------------------------------------------------

// "1 3  / 2 9": the numbers of a window, row by row.
inline std::string numbers_text(const Tensor<>& window) {
  std::string text;
  for (int ky = 0; ky < window.extent(0); ++ky) {
    if (ky > 0) text += "  / ";
    for (int kx = 0; kx < window.extent(1); ++kx)
      text += (kx == 0 ? "" : " ") +
              number(static_cast<double>(window(ky, kx)), 0);
  }
  return text;
}

inline void print_windows(const Tensor<>& map, const Pooling& it) {
  Rows rows = {{"window", "its numbers, row by row", "max", "mean"}};
  for (const PooledWindow& window : windows_of(map, it))
    rows.push_back({format("(%d, %d)", window.y, window.x),
                    numbers_text(window.numbers),
                    number(static_cast<double>(window.largest), 0),
                    number(static_cast<double>(window.mean), 2)});
  print_table(rows);
}

inline void sixteen_become_four() {
  step("Sixteen numbers become four");
  const Tensor<> map({1, 1, 4, 4}, {1, 3, 0, 0,  //
                                    2, 9, 0, 4,  //
                                    5, 5, 7, 1,  //
                                    5, 1, 2, 6});
  say("Here is a map of 4 x 4 numbers, say the answers of one kernel. A "
      "window of 2 x 2 cells is laid on it, then moved on by 2 cells, so "
      "that the windows touch and do not overlap.\n\n");
  print_matrix(plane(map), 0);
  say("\nMax-pooling keeps the largest number of each window, average "
      "pooling the mean. A window is named by its row and column in the "
      "output, counted from 0:\n\n");
  print_windows(map, {.window = 2, .stride = 2});
  say("\nPooling has no weights: nothing in it can be learned. Each "
      "channel is pooled on its own, so a batch (N, C, H, W) keeps its N "
      "and its C.");
}

// ---- 2. Overlap --------------------------------------------------------

inline void windows_that_overlap(int stride) {
  step("Windows that overlap");
  const Tensor<> map({1, 1, 5, 5}, {1, 0, 2, 0, 1,  //
                                    0, 3, 8, 1, 0,  //
                                    2, 1, 0, 5, 4,  //
                                    0, 6, 1, 0, 2,  //
                                    1, 0, 3, 2, 0});
  const Pooling it{.window = 3, .stride = stride};
  say(
      format("The stride is how far the window moves. A window of 3 x 3 "
             "that moves by %d shares cells with its neighbours:\n\n",
             stride));
  print_matrix(plane(map), 0);
  print("\n");
  print_windows(map, it);
  say(
      format("\nThe 8 in the middle column is the largest of %d windows: a "
             "cell may win more than once.",
             windows_won(map, it, 8)));
}

// ---- 3. Sizes ----------------------------------------------------------

inline void size_of_the_pooled_map(Program& program) {
  step("How large the pooled map is");
  say("Padding is a border around the map. The size of the output follows "
      "chapter 02's formula (2.2), with the window in the place of K:\n\n");
  Rows rows = {
      {"size", "window", "stride", "padding", "(2.2)", "max_pool gave"}};
  for (const auto& [size, it] :
       std::vector<std::pair<int, Pooling>>{{28, {2, 2, 0}},
                                            {28, {3, 2, 0}},
                                            {28, {3, 2, 1}},
                                            {28, {4, 4, 0}},
                                            {7, {2, 2, 0}},
                                            {7, {3, 1, 1}}}) {
    const int by_formula =
        output_size(size, it.window, it.stride, it.padding);
    const Tensor<> pooled = max_pool(Tensor<>({1, 1, size, size}), it);
    rows.push_back({std::to_string(size), std::to_string(it.window),
                    std::to_string(it.stride), std::to_string(it.padding),
                    std::to_string(by_formula), to_string(pooled.shape())});
  }
  print_table(rows);
  say("\nWith size 7, window 2 and stride 2 the last row and the last "
      "column of cells are in no window: they are lost. Padding of more "
      "than half the window is refused, as in PyTorch. If the padding were "
      "as large as the window, a window could lie entirely in the "
      "border:\n\n");
  say(refusal_of([] {
        max_pool(Tensor<>({1, 1, 4, 4}), {2, 2, 2});
      }),
      "        ");
  print("\n");
  say("A pooled map is smaller, so a window that is laid on it sees more:");
  program.figure("seen.svg", SeenThroughPooling().svg(),
                 "a window of 3 on the pooled map, and to its left the 6 "
                 "cells that it covers in each direction");
}

// ---- 4. Padding --------------------------------------------------------

inline void what_stands_in_the_border() {
  step("What stands in the border");
  const Tensor<> map({1, 1, 2, 2}, {-4, -3, -2, -1});
  const Pooling pooling{.window = 2, .stride = 2, .padding = 1};
  say("Four numbers, all negative, with a border of one cell around them. "
      "Each window of 2 x 2 holds one of them and three cells of "
      "border.\n\n");
  print_matrix(plane(map), 0);
  say("\nFor the maximum the border is minus infinity, which never "
      "wins:\n\n");
  print_matrix(plane(max_pool(map, pooling)), 0);
  say("\nWith a border of zeros, as a convolution has, the zeros would "
      "have won, and the numbers would be gone:\n\n");
  print_matrix(plane(max_pool(pad(map, 1))), 0);
  say("\nFor the mean the border does hold zeros, and they count as cells, "
      "so each number is divided by 4:\n\n");
  print_matrix(plane(average_pool(map, pooling)), 2);
}

// ---- 5. Before and after -----------------------------------------------

inline void show(const std::vector<MapSummary>& maps) {
  Rows rows = {{"map", "cells", "largest", "mean"}};
  for (const MapSummary& it : maps)
    rows.push_back({it.name, std::to_string(it.cells),
                    number(static_cast<double>(it.largest), 2),
                    number(it.mean, 3)});
  print_table(rows);
  if (each_keeps_its_own(maps))
    say("\nAverage pooling keeps the mean of the map and flattens its "
        "peaks; max-pooling keeps the largest answer however small the map "
        "becomes.");
}

inline void edges_pooled(Program& program, const Tensor<>& digit) {
  step("A digit and its edges, pooled");
  const Tensor<> edges = left_edges(digit);
  say("Chapter 02's Sobel x is above 0 where a picture turns brighter from "
      "left to right, and below 0 where it turns darker; what is below 0 "
      "is set to 0 here. This is the map of a digit's left edges, pooled "
      "in two ways and two sizes:\n\n");
  show(summarise_pooled(edges));
  program.figure(
      "before-after.png", before_after_figure(digit, edges),
      "max-pooled strokes stay bright and grow thick, averaged ones fade");
  program.figure(
      "story.png", story_pooled_figure(digit, edges),
      "a quarter of the numbers, and an edge wherever there was one");
}

}  // namespace cnn
