// Draws chapter 03's figures.
// Book: book/03-pooling.md
#pragma once

#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "03-pooling/pooling.hpp"
#include "03-pooling/shift.hpp"
#include "03-pooling/shift_changes.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// A map as a tile of about 140 x 140 pixels; 0 is black, `white` is white.
inline Picture map_tile(const Tensor<>& map, float white = 1.0f) {
  return grey_tile(plane(map), 140 / map.extent(2), 0.0f, white);
}

// "14 x 14"
inline std::string extent_text(const Tensor<>& map) {
  return std::to_string(map.extent(2)) + " x " +
         std::to_string(map.extent(3));
}

// A window of 3 on a map that was pooled by 2, and the cells under it.
class SeenThroughPooling {
 public:
  std::string svg() {
    draw_.text(16, 26, "A window of 3 after pooling by 2 sees 6 x 6 cells",
               "title");
    grid(left, top, 10, 6, 22);
    for (int i = 0; i <= 3; ++i) {  // the windows of 2 under it
      const double at = 22 * (2.0 + 2.0 * i), from = 44, to = 44 + 132;
      draw_.line(left + at, top + from, left + at, top + to, "series-0");
      draw_.line(left + from, top + at, left + to, top + at, "series-0");
    }
    grid(pooled_left, pooled_top, 5, 3, 22);
    draw_.line(left + 176, top + 44, pooled_left + 22, pooled_top + 22,
               "axis");
    draw_.line(left + 176, top + 176, pooled_left + 22, pooled_top + 88,
               "axis");
    draw_.text(left, top + 244, "the map, 10 x 10", "label");
    draw_.text(pooled_left, top + 244, "pooled by 2, 5 x 5", "label");
    return draw_.svg();
  }

 private:
  static constexpr double left = 24, top = 50;
  static constexpr double pooled_left = 360, pooled_top = 105;

  // n x n cells; the `seen` x `seen` cells from row and column n / 5 on are
  // orange.
  void grid(double x, double y, int n, int seen, double cell) {
    const int begin = n / 5;
    for (int row = 0; row < n; ++row)
      for (int column = 0; column < n; ++column) {
        const bool inside = row >= begin && row < begin + seen &&
                            column >= begin && column < begin + seen;
        draw_.filled(x + column * cell, y + row * cell, cell - 1, cell - 1,
                     inside ? "#e69f00" : "#cfe6f5");
      }
  }

  Drawing draw_{520, 312,
                "What a window sees through pooling\nAt the left a map of "
                "10 x 10 cells, 6 x 6 of them in orange and divided into "
                "windows of 2 x 2; at the right the pooled map of 5 x 5 "
                "cells with 3 x 3 of them in orange"};
};

// The digit of the book's story, its left edges, and these pooled.
// digit, edges (1, 1, H, W)
inline Picture story_pooled_figure(const Tensor<>& digit,
                                   const Tensor<>& edges) {
  const float white = largest_magnitude(edges);
  const Tensor<> pooled = max_pool(edges);
  Sheet sheet("One digit's story: its edges, pooled");
  sheet.add(map_tile(digit), "the digit\n" + extent_text(digit));
  sheet.add(map_tile(edges, white),
            "its left edges\n" + extent_text(edges));
  sheet.add(map_tile(pooled, white), "max 2\n" + extent_text(pooled));
  return sheet.picture();
}

// A digit and its edges, before and after pooling, at the same size.
inline Picture before_after_figure(const Tensor<>& digit,
                                   const Tensor<>& edges) {
  Sheet sheet("Pooled: fewer cells, drawn at the same size");
  for (const bool of_edges : {false, true}) {
    const Tensor<>& map = of_edges ? edges : digit;
    const float white = largest_magnitude(map);
    sheet.row(std::string(of_edges ? "its left\nedges" : "a digit") +
              "\n\nwhite:\n" + format("%.1f", static_cast<double>(white)));
    const auto add = [&](const std::string& name, const Tensor<>& it) {
      sheet.add(map_tile(it, white), name + "\n" + extent_text(it));
    };
    add("before", map);
    for (const int window : {2, 4}) {
      const Pooling pooling{.window = window, .stride = window};
      add("max " + std::to_string(window), max_pool(map, pooling));
      add("mean " + std::to_string(window), average_pool(map, pooling));
    }
  }
  return sheet.picture();
}

// One digit, the same digit shifted, and what differs.
inline Picture shift_figure(const Tensor<>& digit, const Tensor<>& shifted,
                            const std::vector<NamedPooling>& ways) {
  Sheet sheet("One pixel to the right, and what it changes");
  for (const NamedPooling& way : ways) {
    const Tensor<> before = max_pool(digit, way.pooling);
    const Tensor<> after = max_pool(shifted, way.pooling);
    Tensor<> difference = after;
    for (std::size_t i = 0; i < difference.data().size(); ++i)
      difference.data()[i] -= before.data()[i];
    const Change change = compare(before, after);
    sheet.row((way.pooling.window == 1 ? "no pooling" : "max " + way.name) +
              "\n" + extent_text(before));
    sheet.add(map_tile(before), "before");
    sheet.add(map_tile(after), "after");
    sheet.add(
        diverging_tile(plane(difference), 140 / before.extent(2), 1.0f),
        format("%d of %d inked\ncells change", change.changed,
               change.inked));
  }
  sheet.footer(diverging_scale(1.0f, 320));
  return sheet.picture();
}

// What the shift changes under each way of pooling, a group of bars each.
inline std::string change_figure(const std::vector<NamedPooling>& ways,
                                 const std::vector<Change>& changes) {
  BarPlot plot;
  plot.title = "What a shift by one pixel changes";
  plot.x_label = "max-pooling";
  plot.y_label = "change (%)";
  plot.bars = {{"inked cells that change", {}},
               {"relative change", {}},
               {"all cells that change", {}}};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    plot.names.push_back(ways[i].name);
    plot.bars[0].values.push_back(100 * changes[i].share_of_inked());
    plot.bars[1].values.push_back(100 * changes[i].relative_l2);
    plot.bars[2].values.push_back(100 * changes[i].share_of_all());
  }
  plot.y_min = 0;
  return plot.svg();
}

// Two pairs of pictures, each with the same pooled maps: a stroke and dots
// (max 2), and a digit before and after its windows of 4 x 4 are rotated
// (max 4 and mean 4).
inline Picture lost_figure(const Tensor<>& stroke, const Tensor<>& dots,
                           const Tensor<>& digit, const Tensor<>& rotated) {
  const Pooling four{.window = 4, .stride = 4};
  Sheet sheet("Two pictures, one pooled map");
  sheet.add(map_tile(stroke), "a stroke");
  sheet.add(map_tile(dots), "a scatter\nof dots");
  sheet.add(map_tile(max_pool(stroke)), "max 2\nof either");
  sheet.row();
  sheet.add(map_tile(digit), "a digit");
  sheet.add(map_tile(rotated), "its windows\nrotated");
  sheet.add(map_tile(max_pool(digit, four)), "max 4\nof either");
  sheet.add(map_tile(average_pool(digit, four)), "mean 4\nof either");
  return sheet.picture();
}

}  // namespace cnn
