// What draws chapter 03's figures.
#pragma once

#include <string>
#include <vector>

#include "03-pooling/pooling.hpp"
#include "common/image.hpp"
#include "common/plot.hpp"

namespace cnn {

// The only picture of a batch with one channel: (1, 1, H, W) -> (H, W).
inline Tensor<> plane(const Tensor<>& image) {
  return image.reshaped({image.extent(2), image.extent(3)});
}

// A digit and its edges, before and after pooling, at the same size.
inline Picture before_after_figure(const Tensor<>& digit,
                                   const Tensor<>& edges) {
  Sheet sheet("Pooling: smaller maps of the same thing");
  for (const bool of_edges : {false, true}) {
    const Tensor<>& map = of_edges ? edges : digit;
    const float high = of_edges ? largest_magnitude(map) : 1.0f;
    const auto tile = [&](const Tensor<>& it) {
      return grey_tile(plane(it), 140 / it.extent(2), 0.0f, high);
    };
    sheet.row(of_edges ? "its left\nedges" : "a digit");
    sheet.add(tile(map), "28 x 28");
    for (const int window : {2, 4}) {
      const Pooling pooling{.window = window, .stride = window};
      const std::string size = std::to_string(28 / window);
      const std::string under = "\n" + size + " x " + size;
      sheet.add(tile(max_pool(map, pooling)),
                "max " + std::to_string(window) + under);
      sheet.add(tile(average_pool(map, pooling)),
                "mean " + std::to_string(window) + under);
    }
  }
  return sheet.picture();
}

// A way of pooling, with its name in tables and figures.
struct NamedPooling {
  std::string name;
  Pooling pooling;
};

// One digit, the same digit shifted, and what differs.
inline Picture shift_figure(const Tensor<>& digit, const Tensor<>& shifted,
                            const std::vector<NamedPooling>& ways) {
  Sheet sheet("A digit, the digit one pixel to the right, the difference");
  for (const NamedPooling& way : ways) {
    const Tensor<> before = max_pool(digit, way.pooling);
    const Tensor<> after = max_pool(shifted, way.pooling);
    Tensor<> difference = after;
    for (std::size_t i = 0; i < difference.data().size(); ++i)
      difference.data()[i] -= before.data()[i];
    const int scale = 140 / before.extent(2);
    sheet.row(way.name + "\n" + std::to_string(before.extent(2)) + " x " +
              std::to_string(before.extent(3)));
    sheet.add(grey_tile(plane(before), scale));
    sheet.add(grey_tile(plane(after), scale));
    sheet.add(diverging_tile(plane(difference), scale, 1.0f));
  }
  sheet.footer(diverging_scale(1.0f, 320));
  return sheet.picture();
}

// Percentages for each way of pooling, a group of bars each.
inline std::string change_figure(const std::vector<NamedPooling>& ways,
                                 const std::vector<double>& inked,
                                 const std::vector<double>& all) {
  BarPlot plot;
  plot.title = "What one pixel's shift changes";
  plot.x_label = "max-pooling";
  plot.y_label = "cells that change (%)";
  for (const NamedPooling& way : ways) plot.names.push_back(way.name);
  plot.bars = {{"of the inked cells", inked}, {"of all cells", all}};
  plot.y_min = 0;
  return plot.svg();
}

// Two pictures whose maps are the same after max-pooling.
inline Picture lost_figure(const Tensor<>& first, const Tensor<>& second,
                           const Tensor<>& pooled) {
  Sheet sheet("Two pictures, one pooled map");
  sheet.add(grey_tile(plane(first), 16), "a stroke");
  sheet.add(grey_tile(plane(second), 16), "a scatter of dots");
  sheet.add(grey_tile(plane(pooled), 32), "max 2 of either");
  return sheet.picture();
}

}  // namespace cnn
