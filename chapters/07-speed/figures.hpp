// What draws chapter 07's figures.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "07-speed/bench.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/timed_training.hpp"
#include "common/data/dataset.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"

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
  return sheet.footer(number_tile(lanes, 56, 2.0f, 2)).picture();
}

// Bars that climb: billions of operations a second of each rung.
inline std::string rungs_figure(const std::vector<std::string>& names,
                                const std::vector<double>& gflops,
                                const Machine& machine) {
  BarPlot plot;
  plot.title = "Training chapter 06's network: the ladder";
  plot.x_label = machine.text();
  plot.y_label = "GFLOP/s";
  plot.names = names;
  plot.bars = {{"", gflops}};
  return plot.svg();
}

// The roof (7.2): below it lies what memory can feed and the core can
// compute.
inline std::string roofline_figure(const std::vector<RooflinePoint>& points,
                                   const Machine& machine) {
  LinePlot plot;
  plot.title = "Roofline: one convolution, forward, one thread";
  plot.x_label =
      "FLOP for each byte from or to memory (" + machine.text() + ")";
  plot.y_label = "GFLOP/s";
  plot.log_x = plot.log_y = true;
  Series roof{"the roof", {}, {}};
  const double ridge = machine.peak / machine.bandwidth;
  for (const double x : {ridge / 16, ridge, ridge * 64}) {
    roof.x.push_back(x);
    roof.y.push_back(std::min(x * machine.bandwidth, machine.peak) / 1e9);
  }
  plot.series.push_back(roof);
  for (const RooflinePoint& point : points)
    plot.series.push_back(
        {point.name, {point.intensity}, {point.flops / 1e9}, true});
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

}  // namespace cnn
