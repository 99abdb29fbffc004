// Draws chapter 01's figures.
// Book: book/01-tensor.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "01-tensor/layout.hpp"
#include "common/data/dataset.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// The memory of a batch of shape (2, 2, 3, 4), one line of cells per image.
class MemoryStrip {
 public:
  std::string svg() {
    draw_.text(left, 26,
               "Where the 48 numbers of a (2, 2, 3, 4) tensor lie",
               "title");
    for (int n = 0; n < 2; ++n) draw_image(n);
    draw_strides();
    return draw_.svg();
  }

 private:
  static constexpr double left = 16, cell = 28;
  static double top(int n) { return 96 + 126.0 * n; }
  static double place(int offset) { return left + (offset % 24) * cell; }

  void draw_image(int n) {
    draw_.text(left, top(n) - 44, "n = " + std::to_string(n), "label");
    for (int i = 0; i < 24; ++i) {
      const int offset = 24 * n + i;
      const bool chosen = offset == 33;
      const bool odd_row = i / 4 % 3 % 2 == 1;  // y restarts at each c
      draw_.filled(place(offset), top(n), cell, cell,
                   chosen    ? "#d55e00"
                   : odd_row ? "#8fc9ea"
                             : "#e3f1fa");
      draw_.text(place(offset) + cell / 2, top(n) + 19,
                 std::to_string(offset), chosen ? "on-dark" : "on-light",
                 "middle");
    }
    for (int c = 0; c < 2; ++c) {
      bracket(place(12 * c), place(12 * c) + 12 * cell, top(n) - 12,
              "c = " + std::to_string(c));
      for (int y = 0; y < 3; ++y)
        draw_.text(place(12 * c + 4 * y) + 2 * cell, top(n) + cell + 18,
                   "y = " + std::to_string(y), "small", "middle");
    }
  }

  // A bracket above the cells with its name in the middle.
  void bracket(double from, double to, double y, const std::string& name) {
    draw_.line(from + 3, y, to - 3, y, "axis");
    draw_.line(from + 3, y, from + 3, y + 6, "axis");
    draw_.line(to - 3, y, to - 3, y + 6, "axis");
    draw_.text((from + to) / 2, y - 6, name, "label", "middle");
  }

  void step_line(double from, double to, double y,
                 const std::string& text) {
    draw_.line(from, y, to, y, "series-0");
    draw_.line(from, y - 5, from, y + 5, "series-0");
    draw_.polyline({{to - 6, y - 4}, {to, y}, {to - 6, y + 4}}, "series-0");
    draw_.text(std::max(from, to) + 8, y + 5, text, "label");
  }

  void draw_strides() {
    const double below = top(1) + cell + 48;
    draw_.text(left, below,
               "From one number to the next along an axis (the strides):",
               "label");
    const std::vector<std::pair<int, std::string>> steps = {
        {1, "x: 1 number on"},
        {4, "y: a row of 4 on"},
        {12, "c: a channel of 3 x 4 = 12 on"}};
    double y = below + 24;
    for (const auto& [stride, text] : steps) {
      step_line(left, left + stride * cell, y, text);
      y += 24;
    }
    draw_.text(left, y + 6,
               "n: an image of 2 x 3 x 4 = 24 on, the next line", "label");
    draw_.text(left, y + 34,
               "Element (n, c, y, x) = (1, 0, 2, 1) lies at "
               "1 x 24 + 0 x 12 + 2 x 4 + 1 x 1 = 33.",
               "label");
  }

  Drawing draw_{704, 440,
                "Memory layout of a tensor\nTwo lines of 24 cells, one per "
                "image; each holds two channels of three rows of four "
                "numbers, numbered 0 to 47 in memory order"};
};

// A map (H, W) of small whole numbers in grey, each number in its cell;
// `white` is the number that is drawn white.
inline Picture grey_numbers(const Tensor<>& map, int cell, float white) {
  Picture tile = grey_tile(map, cell, 0.0f, white);
  const int width = cell * map.extent(1), height = cell * map.extent(0);
  for (int y = 0; y < map.extent(0); ++y)
    for (int x = 0; x < map.extent(1); ++x) {
      const std::string number =
          format("%.0f", static_cast<double>(map(y, x)));
      const bool light = map(y, x) > 0.5f * white;
      tile.text(x * cell + (cell - Picture::text_width(number, 2)) / 2,
                y * cell + (cell - Picture::text_height(number, 2)) / 2,
                number, light ? colours::black : colours::paper, 2);
    }
  tile.outline_rectangle(0, 0, width, height, colours::faint);
  return tile;
}

// Frames `cells` x `cells` cells of a tile; the top left one is (y, x).
inline void frame(Picture& tile, int y, int x, int cells, int cell) {
  tile.outline_rectangle(x * cell, y * cell, cells * cell, cells * cell,
                         colours::black, 3);
  tile.outline_rectangle(x * cell + 3, y * cell + 3, cells * cell - 6,
                         cells * cell - 6, colours::orange, 2);
}

// How many of a digit's pixels are shown with their numbers, across and
// down.
inline constexpr int story_pixels = 7;

// A digit, and some of its pixels as the files keep them, from 0 to 255:
// where the two curves of the 3 meet. digit (28, 28)
inline Picture story_pixels_figure(const Tensor<>& digit) {
  const int cells = story_pixels, top = 8, left = 14;
  const int scale = 11, cell = 44;
  Picture whole = grey_tile(digit, scale);
  frame(whole, top, left, cells, scale);
  Tensor<> levels({cells, cells});
  for (int y = 0; y < cells; ++y)
    for (int x = 0; x < cells; ++x)
      levels(y, x) = std::round(255.0f * digit(top + y, left + x));
  Sheet sheet("One digit's story: its pixels");
  sheet.add(whole,
            format("%d x %d pixels", digit.extent(0), digit.extent(1)));
  sheet.add(grey_numbers(levels, cell, 255.0f),
            format("the %d in the frame,\nfrom 0 to 255", levels.size()));
  return sheet.picture();
}

// The scene and its channels in grey.
inline Picture channels_figure(const Tensor<>& scene) {
  Sheet sheet("A colour picture is three grey ones");
  sheet.add(rgb_tile(scene, 3), "the picture\n(3, 48, 64)");
  sheet.add(grey_tile(channel(scene, 0), 3), "channel 0\nred");
  sheet.add(grey_tile(channel(scene, 1), 3), "channel 1\ngreen");
  sheet.add(grey_tile(channel(scene, 2), 3), "channel 2\nblue");
  return sheet.picture();
}

// The first digit of each class, as it is and with its pixels permuted.
// permuted (N, 1, 28, 28): the images of `digits`, permuted
inline Picture permuted_figure(const Dataset& digits,
                               const Tensor<>& permuted) {
  Sheet sheet("The same pixels in another order, the same order for all");
  for (const bool after : {false, true}) {
    sheet.row(after ? "permuted" : "as they\nare");
    for (int label = 0; label < 10; ++label) {
      const auto n = first_index_of(digits.labels, label);
      if (!n) continue;
      const Tensor<> image = item(after ? permuted : digits.images, *n);
      sheet.add(grey_tile(channel(image, 0), 2),
                after ? std::to_string(label) : "");
    }
  }
  return sheet.picture();
}

}  // namespace cnn
