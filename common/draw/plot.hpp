// Plots as SVG: sharp at any size, real text, readable on a light and on a
// dark page (the colours follow prefers-color-scheme).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/tensor.hpp"

namespace cnn {

// A drawing in SVG. Coordinates are in pixels from the top left. `style` is
// one of the classes that the stylesheet knows, or several with spaces
// between:
//   text: title (16 px), label (13 px), small (12 px, paler),
//     on-light, on-dark (black or white whatever the page, for text on a
//     colour of its own);
//   shapes: axis, grid, dotted, paper (background), ink (filled as text
//   is); series-0 ... series-7: the colour of lines, outlines and text;
//   lines
//     also have a dash pattern each;
//   fill-0 ... fill-7: areas; hatch-1 ... hatch-7: a pattern on top of
//   them.
// The first line of the description becomes the title that a screen reader
// speaks, the whole its longer text. Text is escaped; anchor is "start",
// "middle" or "end".
// Throws std::invalid_argument for a size that is not positive, an empty
// description, a coordinate that is not finite, an unknown anchor or a
// colour that is not "#rrggbb".
class Drawing {
 public:
  Drawing(int width, int height, const std::string& description);

  void line(double x1, double y1, double x2, double y2,
            const std::string& style);
  void polyline(const std::vector<std::pair<double, double>>& points,
                const std::string& style);
  void rectangle(double x, double y, double width, double height,
                 const std::string& style);
  // The same filled with a colour of its own, "#rrggbb".
  void filled(double x, double y, double width, double height,
              const std::string& colour);
  void circle(double x, double y, double radius, const std::string& style);
  // One mark, about 7 pixels wide, on each point: a disc for series 0, a
  // square for 1, then triangle, diamond, cross, saltire, triangle
  // downwards and bar; in the colour of fill-0 ... fill-7.
  void marks(const std::vector<std::pair<double, double>>& points,
             int series);
  void text(double x, double y, const std::string& text,
            const std::string& style, const std::string& anchor = "start");
  // Text that reads upwards, for the vertical axis. x is its baseline, y
  // its middle (or where it starts or ends).
  void vertical_text(double x, double y, const std::string& text,
                     const std::string& style,
                     const std::string& anchor = "middle");

  std::string svg() const;

 private:
  int width_, height_;
  std::string description_;
  std::string body_;
};

// About how many pixels a text is wide: rather too many than too few, as
// nobody knows which font the reader's machine has.
double text_width(const std::string& text, double font_size);

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

// How many of the values lie in each of `bins` intervals of equal width
// between the smallest and the largest of them.
struct Histogram {
  std::string title;
  std::string x_label, y_label = "count";
  std::vector<double> values;
  int bins = 30;
  int width = 640, height = 400;

  std::string svg() const;
};

// A matrix (rows, columns) as coloured cells with their numbers in them:
// a confusion matrix when rows are true classes and columns predicted ones.
// Numbers that do not fit their cells are left out; the scale under the map
// remains.
struct HeatMap {
  std::string title;
  std::string x_label, y_label;
  std::vector<std::string> column_names, row_names;
  Tensor<> values;
  int decimals = 0;
  bool zeros = false;  // write the zeros, too
  // Cells on the diagonal are coloured apart from the others (blue and
  // orange), so that the right answers do not drown the mistakes.
  bool diagonal_apart = false;
  int width = 560, height = 520;

  std::string svg() const;
};

// A number as a plot writes it: as short as it can be, "0.05", "1e-06",
// with six significant digits at most.
std::string tick_text(double value);

}  // namespace cnn
