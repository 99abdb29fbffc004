// Steps 1, 2 and 3: one window, how many there are, and what happens with
// several channels and kernels.
// Book: book/02-convolution.md
#pragma once

#include <string>
#include <vector>

#include "01-tensor/layout.hpp"
#include "01-tensor/steps_refusal.hpp"
#include "02-convolution/convolution.hpp"
#include "02-convolution/figures.hpp"
#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/steps_letters.hpp"
#include "02-convolution/windows.hpp"
#include "common/data/dataset.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 1. One window, one sum --------------------------------------------

// Prints the sum of one window, row by row, and returns it.
inline double print_worked_sum(const Tensor<>& picture, int row,
                               int column) {
  print("\n    The window at row %d, column %d (both count from 0):\n\n",
        row, column);
  const Tensor<> window = window_of(picture, row, column, 3);
  double sum = 0;
  for (int ky = 0; ky < 3; ++ky)
    sum += print_products("", item(sobel_x(), ky), item(window, ky));
  print("      %-26s    %3.0f\n", "sum", sum);
  return sum;
}

inline void one_window_one_sum(Program& program) {
  step("One window, one sum");
  const int row = program.integer("row"),
            column = program.integer("column");
  say("A kernel is a small square of numbers, its weights. Lay it over a "
      "picture, multiply each weight by the number under it, add up the "
      "nine products: that sum is one cell of the output. Then move the "
      "window on by one cell and do the same again.");
  const Tensor<> bar({5, 7}, {1, 1, 5, 5, 5, 1, 1,  //
                              1, 1, 5, 5, 5, 1, 1,  //
                              1, 1, 5, 5, 5, 1, 1,  //
                              1, 1, 1, 1, 1, 1, 1,  //
                              1, 1, 1, 1, 1, 1, 1});
  print("\n    A picture (5, 7), a bright bar on dark ground:\n\n");
  print_matrix(bar, 0, "      ");
  print("\n    A kernel (3, 3), known as Sobel x:\n\n");
  print_matrix(sobel_x(), 0, "      ");
  const double sum = print_worked_sum(bar, row, column);
  const Tensor<> output = correlate2d(bar, sobel_x());
  print("\n    correlate2d does it everywhere -> %s:\n\n",
        to_string(output.shape()).c_str());
  print_matrix(output, 0, "      ");
  print("\n    The cell at row %d, column %d: expected %.0f, got %.0f.\n\n",
        row, column, sum, static_cast<double>(output(row, column)));
  say("The output is above 0 where the picture turns brighter from left to "
      "right, below 0 where it turns darker and 0 where nothing changes. "
      "It is weaker in the lower rows, where less of the window covers the "
      "bar.");
  program.figure("window.png", window_figure(bar, sobel_x()),
                 "four places of the window, nine products and one sum "
                 "each, and the map as it fills");
}

// ---- 2. Window, stride, padding ----------------------------------------

// One line of the table: what formula (2.2) says and what convolve() gave.
inline std::vector<std::string> size_row(int size, int K, int stride,
                                         int padding) {
  const Tensor<> output =
      convolve(Tensor<>({1, 1, size, size}), Tensor<>({1, 1, K, K}),
               Tensor<>({1}), stride, padding);
  return {std::to_string(size),
          std::to_string(K),
          std::to_string(stride),
          std::to_string(padding),
          format("floor(%d / %d) + 1 = %d", size + 2 * padding - K, stride,
                 output_size(size, K, stride, padding)),
          to_string(output.shape())};
}

inline void size_of_the_output() {
  step("Window, stride, padding: how large is the output?");
  say("The window must lie inside the picture, so the output is smaller. "
      "Two numbers change its size: the stride is how many cells the "
      "window moves at a time, the padding is how many cells of zeros are "
      "put around the picture first. A window of 3 (#) along 7 cells, "
      "where o is a cell of padding:");
  print_places(7, 3, 1, 0);
  print_places(7, 3, 2, 0);
  print_places(7, 3, 2, 1);
  print("\n");
  print(
      "    The number of places for a window of K cells (floor rounds "
      "down):\n\n"
      "    size_out = floor((size + 2 padding - K) / stride) + 1     "
      "(2.2)\n"
      "\n");
  print_table({{"size", "K", "stride", "padding", "(2.2)", "convolve gave"},
               size_row(7, 3, 1, 0),
               size_row(7, 3, 2, 0),
               size_row(7, 3, 2, 1),
               size_row(28, 3, 1, 0),
               size_row(28, 3, 1, 1),
               size_row(28, 5, 1, 0),
               size_row(28, 5, 1, 2),
               size_row(28, 2, 2, 0),
               size_row(28, 3, 2, 1),
               size_row(28, 1, 1, 0),
               size_row(28, 28, 1, 0)});
  print("\n");
  say("At stride 1, padding 1 keeps the size with a window of 3, padding 2 "
      "with a window of 5. A window that does not fit is an error:");
  say(refusal_of([] { output_size(2, 3, 1, 0); }), "        ");
}

// ---- 3. Several channels, several kernels ------------------------------

// Prints two channels (2, H, W) side by side.
inline void print_channels(const Tensor<>& tensor,
                           const std::string& title) {
  print_side_by_side({{title + " 0", channel(tensor, 0)},
                      {title + " 1", channel(tensor, 1)}});
}

// Prints two channels, two kernels and the sum of one cell, by hand.
inline void show_two_channels() {
  const Tensor<> input({1, 2, 3, 3}, {1, 2, 0, 0, 1, 3, 2, 1, 0,  //
                                      0, 1, 1, 2, 0, 1, 1, 0, 2});
  const Tensor<> weight({2, 2, 2, 2}, {1, 0, 0, 1, 0, 1, -1, 0,  //
                                       1, 1, 1, 1, -1, -1, -1, -1});
  const Tensor<> bias({2}, {3, -1});
  print("\n    input %s: one picture, two channels\n\n",
        to_string(input.shape()).c_str());
  print_channels(item(input, 0), "channel");
  for (int co = 0; co < 2; ++co) {
    print("\n    kernel %d, bias %.0f\n\n", co,
          static_cast<double>(bias(co)));
    print_channels(item(weight, co), "for channel");
  }
  print("\n    Kernel 0 at row 0, column 0:\n\n");
  double sum = static_cast<double>(bias(0));
  for (int ci = 0; ci < 2; ++ci)
    sum += print_products(format("channel %d  ", ci),
                          channel(item(weight, 0), ci),
                          window_of(channel(item(input, 0), ci), 0, 0, 2));
  print("      %-47s  = %3.0f\n", "bias", static_cast<double>(bias(0)));
  print("      %-47s    %3.0f\n", "sum", sum);
  const Tensor<> output = convolve(input, weight, bias);
  print("\n    output %s: one channel per kernel\n\n",
        to_string(output.shape()).c_str());
  print_channels(item(output, 0), "channel");
  print("\n    The cell (0, 0, 0, 0): expected %.0f, got %.0f.\n\n", sum,
        static_cast<double>(output(0, 0, 0, 0)));
}

inline void several_channels(Program& program, const Dataset& digits) {
  step("Several channels, several kernels");
  say("A kernel has a square of weights for every channel of its input. "
      "All the products are added into one sum, and one more number, the "
      "kernel's bias, is added to it. Each kernel gives one channel of "
      "the output.");
  show_two_channels();
  program.figure(
      "channels.svg", ThroughChannels().svg(),
      "the window lies on all channels at once; all its products "
      "go into one sum");
  const Tensor<> batch = first(digits, 8).images;
  const Tensor<> weight({16, 1, 3, 3}), bias({16});
  print("\n");
  say("The same on a batch of digits with 16 kernels, padding 1, in the "
      "letters that the whole book uses:");
  print("\n");
  print_table({{"tensor", "axes", "shape"},
               {"input", "(N, C_in, H, W)", to_string(batch.shape())},
               {"weight", "(C_out, C_in, K, K)", to_string(weight.shape())},
               {"bias", "(C_out)", to_string(bias.shape())},
               {"output", "(N, C_out, H_out, W_out)",
                to_string(convolve(batch, weight, bias, 1, 1).shape())}});
  print("\n    Colour pictures given to kernels made for grey ones:\n");
  say(refusal_of([&] {
        convolve(Tensor<>({8, 3, 28, 28}), weight, bias);
      }),
      "        ");
}

}  // namespace cnn
