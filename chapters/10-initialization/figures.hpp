// Draws chapter 10's figures.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "10-initialization/meaning.hpp"
#include "10-initialization/size_runs.hpp"
#include "10-initialization/untrained_answers.hpp"
#include "10-initialization/wedge.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- Sizes -------------------------------------------------------------

// The sizes by the formula as lines, and those that were measured as dots
// of the same colours, for every third layer.
inline std::string sizes_figure(const std::vector<SizeRun>& runs,
                                bool forward) {
  LinePlot plot;
  plot.title = forward ? "Forwards: the size of the signal"
                       : "Backwards: the size of the gradient";
  plot.x_label = forward ? "layer" : "layers back from the last";
  plot.y_label = "root mean square";
  plot.log_y = true;
  plot.y_min = 1e-60;
  plot.y_max = 1e30;
  std::vector<Series> measured_sizes;
  for (const SizeRun& run : runs) {
    if (run.activation != Activation::relu) continue;
    Series line{run.start.name, {}, {}}, dots{"", {}, {}, true};
    dots.like = plot.series.size();
    const std::vector<double>&by_formula = run.formula.one(forward),
          &measured = run.measured.one(forward);
    const std::size_t depth = by_formula.size() - 1;
    for (std::size_t step = 1; step <= depth; ++step) {
      const std::size_t l = forward ? step : depth + 1 - step;
      const auto x = static_cast<double>(forward ? l : depth - l);
      line.x.push_back(x);
      line.y.push_back(by_formula[l]);
      if (step % 3 != 1) continue;
      dots.x.push_back(x);
      dots.y.push_back(measured[l]);
    }
    plot.series.push_back(line);
    measured_sizes.push_back(dots);
  }
  plot.series.insert(plot.series.end(), measured_sizes.begin(),
                     measured_sizes.end());
  return plot.svg();
}

// The measured sizes with tanh, which has no formula: those of the gradient
// as dots, for every third layer, and those of the signal as lines of the
// same colours.
inline std::string tanh_figure(const std::vector<SizeRun>& runs) {
  LinePlot plot;
  plot.title = "tanh: the gradient as dots, the signal as lines";
  plot.x_label = "layer";
  plot.y_label = "root mean square";
  plot.log_y = true;
  plot.width = 740;
  for (const bool forward : {false, true}) {
    std::size_t start = 0;
    for (const SizeRun& run : runs) {
      if (run.activation != Activation::tanh) continue;
      Series series{(forward ? "signal: " : "gradient: ") + run.start.name,
                    {},
                    {},
                    !forward};
      if (forward) series.like = start++;
      for (std::size_t l = 1; l < run.measured.forward.size(); ++l) {
        if (!forward && l % 3 != 1) continue;
        series.x.push_back(static_cast<double>(l));
        series.y.push_back(run.measured.one(forward)[l]);
      }
      plot.series.push_back(series);
    }
  }
  return plot.svg();
}

// ---- Meaning -----------------------------------------------------------

inline std::string cosines_figure(const std::vector<LayerCosines>& all) {
  LinePlot plot;
  plot.title = "Two digits become alike: dots measured, lines by (10.3)";
  plot.x_label = "layer (0: the pixels)";
  plot.y_label = "cosine of two digits, mean over pairs";
  plot.y_max = 1.0;
  std::vector<Series> measured;
  for (const bool same : {false, true}) {
    if (same && all.front().same.pairs == 0) continue;
    Series line{same ? "same digit" : "different digits", {}, {}};
    Series dots{"", {}, {}, true};
    dots.like = plot.series.size();
    for (std::size_t l = 0; l < all.size(); ++l) {
      const PairCosines& it = same ? all[l].same : all[l].different;
      line.x.push_back(static_cast<double>(l));
      line.y.push_back(it.formula);
      if (l > 5 && l % 2 == 1) continue;
      dots.x.push_back(static_cast<double>(l));
      dots.y.push_back(it.measured);
    }
    plot.series.push_back(line);
    measured.push_back(dots);
  }
  plot.series.insert(plot.series.end(), measured.begin(), measured.end());
  return plot.svg();
}

// What one start makes of N digits: the output of each layer's 100 cells.
struct Patterns {
  std::string name;
  std::vector<Tensor<double>> layers;  // (N, 100) each
};

// Digit n's 100 cells as a square in which `white` has become 1. They are
// divided in double, because float cannot hold small ones.
inline Tensor<> square_of(const Tensor<double>& pattern, int n,
                          double white) {
  Tensor<> cells({10, 10});
  for (int i = 0; i < 100; ++i)
    cells(i / 10, i % 10) = static_cast<float>(pattern(n, i) / white);
  return cells;
}

// The largest of digit n's cells, or 1 if all are 0.
inline double largest_cell(const Tensor<double>& pattern, int n) {
  double most = 0;
  for (const double number : row_of(pattern, n))
    most = std::max(most, number);
  return most > 0 ? most : 1;
}

inline Picture scaled_tile(const Tensor<double>& pattern, int n) {
  return grey_tile(square_of(pattern, n, largest_cell(pattern, n)), 8);
}

// A row for each start: the patterns as bright as they are, and then each
// scaled to its own brightest cell. digits (N, 1, H, W), layer from 0
inline Picture patterns_frame(const Tensor<>& digits,
                              const std::vector<Patterns>& all,
                              std::size_t layer) {
  Sheet sheet(format("After layer %2d: as it is, and scaled",
                     static_cast<int>(layer) + 1));
  const int N = digits.extent(0);
  sheet.row("the digits");
  for (int copy = 0; copy < 2; ++copy)
    for (int n = 0; n < N; ++n)
      sheet.add(grey_tile(picture_of(digits, n), 3));
  for (const Patterns& it : all) {
    const Tensor<double>& pattern = it.layers.at(layer);
    sheet.row(it.name + format("\nsize %7.1e",
                               root_mean_square<double>(pattern.data())));
    for (int n = 0; n < N; ++n)
      sheet.add(grey_tile(square_of(pattern, n, 1.0), 8));
    for (int n = 0; n < N; ++n) sheet.add(scaled_tile(pattern, n));
  }
  return sheet.picture();
}

// Three digits after a few layers of He's start, each pattern scaled.
// layers: counted from 1
inline Picture patterns_strip(const Tensor<>& digits,
                              const Patterns& patterns,
                              const std::vector<int>& layers) {
  Sheet sheet("He's start: three digits after ever more layers");
  for (int n = 0; n < digits.extent(0); ++n) {
    sheet.row();
    sheet.add(grey_tile(picture_of(digits, n), 3),
              n + 1 == digits.extent(0) ? "pixels" : "");
    for (const int layer : layers) {
      sheet.add(
          scaled_tile(
              patterns.layers.at(static_cast<std::size_t>(layer) - 1), n),
          n + 1 == digits.extent(0) ? format("layer %d", layer) : "");
    }
  }
  return sheet.picture();
}

// ---- The wedge ---------------------------------------------------------

// shares[depth][start], from 0 to 1, rounded as in the table: those of one
// seed, or the means of several, with "-" where a run broke.
inline std::string wedge_figure(
    const std::vector<int>& depths, const std::vector<NamedStart>& starts,
    const std::vector<std::vector<std::optional<double>>>& shares,
    int seeds = 1) {
  HeatMap map;
  map.title =
      seeds == 1
          ? "Held-out digits read (%); -: the loss became NaN"
          : format(
                "Held-out digits read (%%), means of %d seeds; -: a loss "
                "became NaN",
                seeds);
  map.x_label = "start";
  map.y_label = "layers";
  map.decimals = 1;
  map.missing = "-";
  map.width = 720;
  map.height = 330;
  for (const NamedStart& it : starts) map.column_names.push_back(it.name);
  map.values = Tensor<>(
      {static_cast<int>(depths.size()), static_cast<int>(starts.size())});
  for (std::size_t r = 0; r < depths.size(); ++r) {
    map.row_names.push_back(std::to_string(depths[r]));
    for (std::size_t c = 0; c < starts.size(); ++c)
      map.values(static_cast<int>(r), static_cast<int>(c)) =
          shares[r][c] ? std::stof(format("%.1f", 100 * *shares[r][c]))
                       : std::numeric_limits<float>::quiet_NaN();
  }
  return map.svg();
}

// ---- One digit's story -------------------------------------------------

// A bar for each class's share, from 0 to 1, with the class below it; that
// of `label` has a colour of its own. bar: the pixels from one bar to the
// next; height: the pixels above the base line, 2 more than a bar for 1
inline Picture share_bars(const std::vector<float>& shares, int label,
                          int bar, int height) {
  const int foot = 22, classes = static_cast<int>(shares.size());
  Picture picture(classes * bar, height + foot);
  for (int k = 0; k < classes; ++k) {
    const auto tall = static_cast<int>(std::lround(
        static_cast<double>(shares[static_cast<std::size_t>(k)]) *
        (height - 2)));
    picture.fill_rectangle(k * bar + 3, height - tall, bar - 6, tall,
                           k == label ? colours::blue : colours::orange);
    picture.centred_text(k * bar + bar / 2, height + 5, std::to_string(k),
                         colours::ink, Picture::page_scale);
  }
  picture.fill_rectangle(0, height, classes * bar, 1, colours::ink);
  return picture;
}

// A row for each start: the cells of some layers, as bright as they are,
// and the probabilities at the end. image (H, W) of class `label`
inline Picture untrained_figure(const Tensor<>& image, int label,
                                const std::vector<UntrainedAnswer>& all,
                                const std::vector<int>& layers) {
  Sheet sheet("One digit in three networks that have learned nothing");
  for (const UntrainedAnswer& it : all) {
    const bool last = &it == &all.back();
    sheet.row(it.start);
    sheet.add(grey_tile(image, 3), last ? "pixels" : "");
    for (std::size_t i = 0; i < layers.size(); ++i)
      sheet.add(
          grey_tile(square_of(convert<double>(it.signals.at(i)), 0, 1), 8),
          last ? format("layer %d", layers[i]) : "");
    const auto shares = it.probabilities.data();
    sheet.add(share_bars({shares.begin(), shares.end()}, label, 20, 62),
              last ? "probabilities" : "");
  }
  return sheet.picture();
}

// ---- The mirrored start ------------------------------------------------

// A row for each start: what comes out of some layers.
inline Picture passed_figure(
    const std::vector<std::pair<std::string, std::vector<Tensor<>>>>& rows,
    const std::vector<int>& layers) {
  Sheet sheet("One digit after ever more layers that have learned nothing");
  for (const auto& [name, tiles] : rows) {
    sheet.row(name);
    for (std::size_t i = 0; i < tiles.size(); ++i)
      sheet.add(diverging_tile(tiles[i], 8, largest_magnitude(tiles[i])),
                &name == &rows.back().first
                    ? (layers[i] == 0 ? std::string("pixels")
                                      : format("layer %d", layers[i]))
                    : std::string());
  }
  return sheet.picture();
}

}  // namespace cnn
