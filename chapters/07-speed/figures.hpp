// Draws chapter 07's figures.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "07-speed/ladder.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/one_convolution.hpp"
#include "07-speed/products_and_errors.hpp"
#include "07-speed/story_lanes.hpp"
#include "07-speed/timed_training.hpp"
#include "common/data/dataset.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/draw/svg.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// The first 16 digits with one pixel marked in each, and those 16 pixels
// side by side: one cell of 16 lanes.
inline Picture lanes_figure(const Dataset& digits, int y, int x) {
  const int scale = 3, L = 16;
  Sheet sheet("The pixel in row " + std::to_string(y) + ", column " +
              std::to_string(x) + " of 16 digits is one vector");
  Tensor<> lanes({2, L / 2});
  for (int n = 0; n < L; ++n) {
    if (n == L / 2) sheet.row();
    const Tensor<> digit = item(digits.images, n).reshaped({28, 28});
    Picture tile = grey_tile(digit, scale);
    tile.outline_rectangle(x * scale - 2, y * scale - 2, scale + 4,
                           scale + 4, colours::vermilion, 2);
    sheet.add(tile, std::to_string(n));
    lanes(n / (L / 2), n % (L / 2)) = digit(y, x);
  }
  return sheet.footer(number_tile(lanes, 56, 1.0f, 2)).picture();
}

// ---- tile.svg ----------------------------------------------------------

// A tile of sums at one place of the kernel: the weights and inputs that
// are read for it, and their products.
class TileDrawing {
 public:
  TileDrawing(int channels, int columns)
      : channels_(channels), columns_(columns) {
    read(draw_);
    sums(draw_);
    for (int line = 0; line < 2; ++line)
      draw_.text(12, bottom() + 26 + 20 * line, note(line), "label");
  }
  std::string svg() const { return draw_.svg(); }

 private:
  static constexpr int left = 148, top = 92, wide = 66, high = 32;
  static constexpr const char* read_colour = "#f2c88c";
  static constexpr const char* kept_colour = "#cfe3f2";

  int bottom() const { return top + channels_ * high; }
  std::string note(int line) const {
    const int sums = channels_ * columns_, reads = channels_ + columns_;
    return line == 0
               ? format(
                     "Blue: %d sums, which stay in registers until all "
                     "products are added.",
                     sums)
               : format(
                     "Orange: %d reads, for %d multiply-adds. One sum "
                     "at a time needs %d reads.",
                     reads, sums, 2 * sums);
  }
  static std::string name(const char* letter, int number) {
    return letter + std::to_string(number);
  }
  static void cell(Drawing& draw, int x, int y, int width,
                   const std::string& text, const std::string& colour) {
    draw.filled(x, y, width - 4, high - 4, colour);
    draw.text(x + (width - 4) / 2.0, y + high / 2.0 + 3, text,
              "small on-light", "middle");
  }
  void read(Drawing& draw) const {
    draw.text(left, 26,
              format("%d inputs, each for %d sums", columns_, channels_),
              "label");
    for (int j = 0; j < columns_; ++j)
      cell(draw, left + j * wide, 38, wide, name("x", j), read_colour);
    draw.text(12, top - 30, format("%d weights,", channels_), "label");
    draw.text(12, top - 13, format("each for %d sums", columns_), "label");
    for (int c = 0; c < channels_; ++c)
      cell(draw, 72, top + c * high, 52, name("w", c), read_colour);
  }
  void sums(Drawing& draw) const {
    for (int c = 0; c < channels_; ++c)
      for (int j = 0; j < columns_; ++j)
        cell(draw, left + j * wide, top + c * high, wide,
             "+ " + name("w", c) + " " + name("x", j), kept_colour);
  }

  int channels_, columns_;
  Drawing draw_{left + columns_ * wide + 12, bottom() + 60,
                format("A tile of %d x %d sums\n%d inputs stand above the "
                       "tile and %d weights to its left. Each sum gets the "
                       "product of the weight in its row and the input in "
                       "its column.",
                       channels_, columns_, columns_, channels_)};
};

inline std::string tile_figure(int channels, int columns) {
  return TileDrawing(channels, columns).svg();
}

// The largest errors against the products for one output and channel.
inline std::string errors_figure(const std::vector<WayToConvolve>& ways,
                                 const std::vector<double>& errors,
                                 int channels) {
  LinePlot plot;
  plot.title = "Products and errors";
  plot.x_label = "products for each output and each of " +
                 std::to_string(channels) + " channels";
  plot.y_label = "largest error, as a share of the largest output";
  plot.log_y = true;
  plot.x_min = 0;
  for (std::size_t way = 0; way < ways.size(); ++way)
    plot.series.push_back({ways[way].name,
                           {products_per_output(ways[way])},
                           {errors[way]},
                           true});
  return plot.svg();
}

// A line for each rung at its height, each one step further to the right.
inline std::string ladder_figure(const std::string& network,
                                 const std::vector<RungRate>& rates,
                                 const Machine& machine) {
  LinePlot plot;
  plot.title = "Training network " + network + ": the ladder";
  plot.x_label = "rung (" + machine.text() + ")";
  plot.y_label = "GFLOP/s (effective)";
  plot.log_y = true;
  const auto end = static_cast<double>(rates.size() + 1);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const RungRate& rate = rates[i];
    plot.series.push_back({rate.name + " (" + rate.isa + ")",
                           {static_cast<double>(i) + 1, end},
                           {rate.gflops, rate.gflops}});
  }
  plot.reference = {machine.peak / 1e9, "peak of one core"};
  return plot.svg();
}

// The roofs (7.6) bound what the core can compute, and what memory, or a
// cache that holds all the numbers, can deliver to it.
inline std::string roofline_figure(const std::vector<RooflinePoint>& points,
                                   const Machine& machine) {
  LinePlot plot;
  plot.title = "Roofline: one convolution, forward, one thread";
  plot.x_label =
      "FLOP for each byte read or written (" + machine.text() + ")";
  plot.y_label = "GFLOP/s (effective)";
  plot.log_x = plot.log_y = true;
  // The fastest is named first, at the top.
  for (auto point = points.rbegin(); point != points.rend(); ++point)
    plot.series.push_back(
        {point->name, {point->intensity}, {point->flops / 1e9}, true});
  const auto ridge = [&](const Copying& it) {
    return machine.peak / it.bandwidth;
  };
  const double begin = ridge(machine.copying.front());
  const double end = 64 * ridge(machine.copying.back());
  const double peak = machine.peak / 1e9;
  const auto add_roof = [&](const std::string& name, double from, double to,
                            double low) {
    plot.series.push_back({name, {from, to}, {low, peak}});
    plot.series.back().reference = true;
  };
  add_roof("peak", begin, end, peak);
  std::string label;
  for (std::size_t i = 0; i < machine.copying.size(); ++i) {
    const Copying& it = machine.copying[i];
    label += (label.empty() ? "" : ", ") + it.where;
    add_roof("", begin / 4, ridge(it), begin / 4 * it.bandwidth / 1e9);
    // Roofs with nearly the same corner share a label.
    const bool last = i + 1 == machine.copying.size();
    if (last || ridge(machine.copying[i + 1]) > 1.5 * ridge(it))
      plot.series.back().label = std::exchange(label, "");
  }
  return plot.svg();
}

// Images per second against something that was varied.
inline std::string rate_figure(const std::string& title,
                               const std::string& x_label,
                               const std::vector<Series>& series,
                               const Machine& machine) {
  LinePlot plot;
  plot.title = title;
  plot.x_label = x_label + " (" + machine.text() + ")";
  plot.y_label = "images per second";
  plot.series = series;
  plot.log_x = plot.log_y = true;
  return plot.svg();
}

// How many times as fast as one thread.
inline std::string speedup_figure(const std::vector<Series>& series,
                                  const Machine& machine) {
  LinePlot plot;
  plot.title = "Threads";
  plot.x_label = "threads (" + machine.text() + ")";
  plot.y_label = "times as fast as one thread";
  plot.series = series;
  plot.y_min = 0;
  return plot.svg();
}

// Held-out accuracy against the seconds spent on training.
inline std::string seconds_figure(const AccuracyCurve& fast,
                                  const AccuracyCurve& plain,
                                  const Machine& machine) {
  LinePlot plot;
  plot.title = "The same training, against the clock";
  plot.x_label = "seconds of training (" + machine.text() + ")";
  plot.y_label = "held-out accuracy, %";
  plot.series = {{"fast", fast.seconds, fast.percent},
                 {"plain", plain.seconds, plain.percent}};
  plot.log_x = true;
  plot.y_min = 0;
  plot.y_max = 100;
  return plot.svg();
}

// ---- story.png ---------------------------------------------------------

// The digit among the 16 of a vector, and alone, with a map in each lane.
inline Picture story_lanes_figure(const StoryLanes& story) {
  Sheet sheet("Sixteen lanes, filled in two ways");
  const auto rows = [&](const std::string& title, const auto& tile) {
    for (int lane = 0; lane < 16; ++lane) {
      if (lane % 8 == 0) sheet.row(lane == 0 ? title : "");
      sheet.add(tile(lane), std::to_string(lane));
    }
  };
  rows("an image\nin each", [&](int lane) {
    Picture tile = grey_tile(picture_of(story.images, lane), 2);
    if (lane == story.lane)
      tile.outline_rectangle(0, 0, tile.width(), tile.height(),
                             colours::vermilion, 3);
    return tile;
  });
  rows("our digit\nalone, a\nmap in each", [&](int lane) {
    const Tensor<> map = channel(story.maps, lane);
    return grey_tile(map, 6, 0.0f, largest_magnitude(map));
  });
  return sheet.picture();
}

}  // namespace cnn
