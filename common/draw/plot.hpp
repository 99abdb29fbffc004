// Plots as SVG: lines and points, bars, heat maps.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/draw/svg.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// All plots throw std::invalid_argument if they are empty, if names and
// values do not match, or if the text leaves no room for the plot.

// Numbers that cannot be drawn (not finite, or not positive on a log axis)
// leave a gap in the line and are counted in a note under the plot, as are
// those that lie above or below the axes; none is dropped in silence.
// An empty label is not written.
struct Series {
  std::string label;  // written at the line's end
  std::vector<double> x;
  std::vector<double> y;
  bool points = false;  // dots instead of a line
  // The error of each y, drawn as a bar from y - error to y + error; there
  // is no bar where it is 0. As many as y, or none at all.
  std::vector<double> errors = {};
  // The index of the series whose colour this one shares; its dots are then
  // discs. Without it, the series has a colour and a dot shape of its own.
  std::optional<std::size_t> like = {};
  // True for a line to compare results with: it is grey and dotted, as the
  // plot's reference is, so that it shares no colour with a series.
  bool reference = false;
};

struct LinePlot {
  std::string title;
  std::string x_label, y_label;  // with units
  std::vector<Series> series;
  std::optional<double> x_min, x_max, y_min, y_max;  // else from the data
  bool log_x = false, log_y = false;
  // A dotted horizontal line with its label, such as chance or ln 10.
  std::optional<std::pair<double, std::string>> reference;
  int width = 640, height = 400;

  std::string svg() const;
};

// Bars start at 0, or at y_min if that is above 0. Names that are too long
// are broken into lines or turned upwards.
struct BarPlot {
  std::string title;
  std::string x_label, y_label;
  std::vector<std::string> names;  // one per group of bars
  struct Bars {
    std::string label;
    std::vector<double> values;  // one per name
  };
  std::vector<Bars> bars;
  std::optional<double> y_min, y_max;
  int decimals = 1;  // of the value written on each bar
  int width = 640, height = 400;

  std::string svg() const;
};

// A matrix (rows, columns) as coloured cells with their numbers in them:
// a confusion matrix when rows are true classes and columns predicted ones.
// Zeros are not written. Numbers that do not fit their cells are left out;
// the scale above the map remains.
struct HeatMap {
  std::string title;
  std::string x_label, y_label;
  std::vector<std::string> column_names, row_names;
  Tensor<> values;
  int decimals = 0;
  // The diagonal has a colour scale of its own (blue; the other cells are
  // orange), so that the right answers do not drown the mistakes.
  bool diagonal_apart = false;
  // Written in the grey cell of a value that is not finite. If it is empty,
  // the cell says "n/a", and a note under the map counts such values.
  std::string missing = {};
  int width = 560, height = 520;

  std::string svg() const;
};

// A number as a plot writes it: as short as possible, with at most six
// significant digits, such as "0.05" or "1e-06".
std::string tick_text(double value);

}  // namespace cnn
