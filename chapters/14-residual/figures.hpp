// Draws chapter 14's figures.
// Book: book/14-residual.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "04-backprop/figures_wires.hpp"
#include "14-residual/depth_runs.hpp"
#include "14-residual/paths.hpp"
#include "14-residual/small_block.hpp"
#include "14-residual/stream.hpp"
#include "14-residual/surface.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// One block of single numbers: above each wire its value, below it the
// gradient of the loss.
inline std::string block_figure(const SmallBlock& it) {
  Drawing drawing(720, 290,
                  "A residual block: y = F(x) + x, and then relu(y)\n"
                  "The wire of x forks. The upper way, the skip, leads "
                  "straight to a sum, the lower one through the branch F. "
                  "A ReLU follows.");
  drawing.text(360, 24, "y = F(x) + x, and then relu(y)", "title",
               "middle");
  constexpr double skip = 84, trunk = 144, branch = 196, fork = 110,
                   in = 200, out = 330, sum = 440, relu = 580, box = 46;
  chain::wire(drawing, 14, fork - 6, trunk, "x", it.x, it.grad_x);
  drawing.line(fork, skip, fork, branch, "axis");
  chain::wire(drawing, fork, sum, skip, "the skip: x", it.x, it.grad_sum);
  chain::wire(drawing, fork, in, branch, "x", it.x, it.grad_branch);
  drawing.rectangle(in, branch - 34, out - in, 68, "paper axis");
  drawing.text((in + out) / 2, branch - 4, "branch F", "title", "middle");
  drawing.text((in + out) / 2, branch + 16, "convolution, ReLU, ...",
               "small", "middle");
  chain::wire(drawing, out, sum, branch, "F(x)", it.branch, it.grad_sum);
  chain::operation(drawing, sum, 50, 184, "+", "");
  chain::wire(drawing, sum + box, relu, trunk, "y", it.sum, it.grad_sum);
  chain::operation(drawing, relu, trunk - 34, 68, "relu", "");
  chain::wire(drawing, relu + box, 714, trunk, "relu(y)", it.output,
              it.grad_output);
  drawing.text(360, 274,
               format("← at the fork the gradients add up: %g + %g = %g",
                      it.grad_sum, it.grad_branch, it.grad_x),
               "label series-1", "middle");
  return drawing.svg();
}

// The shares of the paths through some blocks by their length, and for each
// slope the shares of the gradient that they bring, in percent.
inline std::string paths_figure(int blocks,
                                const std::vector<double>& slopes) {
  LinePlot plot;
  plot.title = format("The paths through %d blocks", blocks);
  plot.x_label = "branches on the path";
  plot.y_label = "share (%)";
  plot.y_min = 0;
  const auto add = [&](const std::string& name, std::vector<double> y) {
    Series line{name, {}, {}};
    double sum = 0;
    for (const double share : y) sum += share;
    for (std::size_t k = 0; k < y.size(); ++k) {
      line.x.push_back(static_cast<double>(k));
      line.y.push_back(100 * y[k] / sum);
    }
    plot.series.push_back(line);
  };
  add("paths", paths_by_length(blocks));
  for (const double slope : slopes)
    add("gradient, slope " + tick_text(slope),
        slope_by_length(slope, blocks));
  return plot.svg();
}

// A network's name and its sizes: one line of stream_figure().
struct NamedSizes {
  std::string name;
  StreamSizes sizes;
};

inline std::string stream_figure(const std::vector<NamedSizes>& all,
                                 bool forward) {
  LinePlot plot;
  plot.title = forward ? "The stream before the first step"
                       : "The gradient before the first step";
  plot.x_label = "after block";
  plot.y_label =
      forward ? "mean square" : "mean square / that after the last block";
  plot.log_y = true;
  for (const NamedSizes& it : all) {
    const std::vector<double>& sizes =
        forward ? it.sizes.forward : it.sizes.backward;
    Series line{it.name, {}, {}};
    const double unit = forward ? 1 : sizes.back();
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      line.x.push_back(static_cast<double>(k));
      line.y.push_back(sizes[k] / unit);
    }
    plot.series.push_back(line);
  }
  return plot.svg();
}

// Accuracy against depth, each network at its best rate: on the digits that
// it learned from (`own`), or on held-out ones. `all` holds all depths of
// one kind, then all of the next.
inline std::string depth_figure(const std::vector<DepthRuns>& all,
                                bool own) {
  LinePlot plot;
  plot.title = own ? "Deeper, on the digits that it learned from"
                   : "Deeper, on digits that it never saw";
  plot.x_label = "blocks of two convolutions";
  plot.y_label = "accuracy (%)";
  plot.y_min = 0;
  plot.y_max = 100;
  for (const DepthRuns& runs : all) {
    const std::string name = kind_name(runs.network.kind);
    if (plot.series.empty() || plot.series.back().label != name)
      plot.series.push_back({name, {}, {}});
    Series& line = plot.series.back();
    const RunsMean& it = (own ? runs.own : runs.held_out)[runs.best()];
    line.x.push_back(runs.network.blocks);
    line.y.push_back(100 * it.of.mean);
    line.errors.push_back(100 * it.of.error);
  }
  return plot.svg();
}

struct NamedShares {
  std::string name;
  std::vector<double> shares;
};

// Held-out accuracy without block 1, without block 2 and so on, as bars.
inline std::string removal_figure(const std::vector<NamedShares>& all) {
  BarPlot plot;
  plot.title = "One block taken out of a trained network";
  plot.x_label = "the block that is missing";
  plot.y_label = "held-out accuracy (%)";
  plot.y_max = 100;
  plot.decimals = 0;
  plot.width = 760;
  for (std::size_t k = 0; k < all.at(0).shares.size(); ++k)
    plot.names.push_back(std::to_string(k + 1));
  for (const NamedShares& it : all) {
    BarPlot::Bars bars{it.name, {}};
    for (const double share : it.shares) bars.values.push_back(100 * share);
    plot.bars.push_back(bars);
  }
  return plot.svg();
}

struct NamedPlane {
  std::string name;
  Tensor<> plane;
};

// The band that a loss is in. Band 0, which is white, is below 0.05. From
// there the limits double, up to band 9, the darkest, from 12.8 on.
inline int loss_band(float loss) {
  int band = 0;
  for (float limit = 0.05f; band < 9 && !(loss < limit); limit *= 2) ++band;
  return band;
}

inline Colour band_colour(int band) {
  const auto shade = static_cast<std::uint8_t>(255 - 26 * band);
  return {shade, shade, shade};
}

inline Picture loss_tile(const Tensor<>& plane, int scale) {
  const int cells = plane.extent(0);
  Picture tile(cells * scale, cells * scale);
  for (int y = 0; y < cells * scale; ++y)
    for (int x = 0; x < cells * scale; ++x)
      tile.at(x, y) = band_colour(loss_band(plane(y / scale, x / scale)));
  const int middle = cells * scale / 2;
  tile.fill_rectangle(middle - 5, middle - 1, 10, 2, colours::vermilion);
  tile.fill_rectangle(middle - 1, middle - 5, 2, 10, colours::vermilion);
  return tile;
}

inline Picture surface_picture(const std::vector<NamedPlane>& planes,
                               int scale, std::size_t columns) {
  Sheet sheet("The loss around trained networks");
  for (std::size_t i = 0; i < planes.size(); ++i) {
    if (i > 0 && i % columns == 0) sheet.row();
    sheet.add(loss_tile(planes[i].plane, scale), planes[i].name);
  }
  const int bands = 10;
  sheet.footer(
      colour_scale("below 0.05", "0.8", "above 12.8", 400, [&](float x) {
        const float at = (x + 1) / 2 * bands;
        return band_colour(std::min(bands - 1, static_cast<int>(at)));
      }));
  return sheet.picture();
}

// The maps (C, H, W) of one place in the stream, `columns` side by side,
// with grey lines between them. Each number is a square of scale x scale
// pixels, and numbers of -range and range have the full colours.
inline Picture maps_picture(const Tensor<>& maps, int scale, float range,
                            int columns) {
  const int C = maps.extent(0), H = maps.extent(1), W = maps.extent(2);
  const int rows = (C + columns - 1) / columns, gap = 3;
  Picture picture(columns * (W * scale + gap) - gap,
                  rows * (H * scale + gap) - gap);
  picture.fill_rectangle(0, 0, picture.width(), picture.height(),
                         {200, 200, 200});
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < H * scale; ++y)
      for (int x = 0; x < W * scale; ++x)
        picture.at(c % columns * (W * scale + gap) + x,
                   c / columns * (H * scale + gap) + y) =
            diverging_colour(maps(c, y / scale, x / scale), range);
  return picture;
}

// The stream after block k, and what that block added to it. k = 0 is the
// place before the first block, where nothing has been added yet.
inline Picture stream_frame(const Stream& stream, std::size_t k,
                            const Tensor<>& digit, float range) {
  const Tensor<> none(stream.places[k].shape());
  Sheet sheet(format("The stream after block %2d", static_cast<int>(k)));
  sheet.add(grey_tile(digit, 4), "the digit");
  sheet.add(maps_picture(stream.places[k], 5, range, 4), "the stream here");
  sheet.add(
      maps_picture(k == 0 ? none : stream.corrections[k - 1], 5, range, 4),
      "what the block added");
  sheet.footer(diverging_scale(range, 240));
  return sheet.picture();
}

// The stream after some of the blocks, and below it what that block added.
inline Picture stream_strip(const Stream& stream, float range) {
  Sheet sheet("The stream after a block, and what that block added");
  const std::size_t blocks = stream.corrections.size();
  for (std::size_t k = 1; k <= blocks; k += k < 3 ? 1 : 3) {
    sheet.row("block " + std::to_string(k));
    sheet.add(maps_picture(stream.places[k], 4, range, 16), "stream");
    sheet.row();
    sheet.add(maps_picture(stream.corrections[k - 1], 4, range, 16),
              "added");
  }
  sheet.footer(diverging_scale(range, 240));
  return sheet.picture();
}

// What a network says of one image before its first block and after each:
// probabilities (1, classes).
struct NamedAnswers {
  std::string name;
  std::vector<Tensor<>> answers;
};

// A row for each network: the probability in percent of the image's true
// class, before the first block and after each.
inline Picture story_of_blocks(const Tensor<>& image, int truth,
                               const std::vector<NamedAnswers>& all) {
  constexpr int cell = 42;
  Sheet sheet(
      format("If the network ended after so many blocks: the probability "
             "of a %d, in percent",
             truth));
  sheet.row("the digit").add(grey_tile(image, 2));
  for (const NamedAnswers& it : all) {
    sheet.row(it.name);
    for (std::size_t k = 0; k < it.answers.size(); ++k)
      sheet.add(number_tile(Tensor<>({1, 1}, 100 * it.answers[k](0, truth)),
                            cell, 100, 0, 3),
                &it == &all.back() ? std::to_string(k) : "");
  }
  return sheet.picture();
}

}  // namespace cnn
