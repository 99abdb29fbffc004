// What every plot has around its axes: title, labels, notes, and the
// numbers and names along the sides. The room for them is worked out first,
// and the plot gets the rest.
#pragma once

#include <string>
#include <vector>

#include "common/draw/axis.hpp"
#include "common/draw/svg.hpp"
#include "common/draw/text.hpp"

namespace cnn::plots {

constexpr double title_size = 16, label_size = 13, small_size = 12;
constexpr double line_height = 17;  // of labels and small text
constexpr double edge = 12;         // free pixels around everything
// Half the height of a digit. Text whose baseline is this far below a point
// is centred on it.
constexpr double half_digit = 4.5;
constexpr std::size_t palette_size = 8;  // series-0 ... series-7

// Throws std::invalid_argument with the text "plot: what".
[[noreturn]] void refuse(const std::string& plot, const std::string& what);
// Refuses a number of decimals outside 0 ... 15.
void require_decimals(const std::string& plot, int decimals);

std::string not_finite_note(std::size_t count);
// The number with `decimals` decimals, or "n/a" if it is not finite.
std::string with_decimals(double value, int decimals);
// The width of the widest text, in pixels.
double widest(const Strings& texts, double font_size);

// The plot area, in pixels.
struct Area {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

// The pixels on each side that a plot needs in addition to its title, axis
// labels and notes.
struct Room {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct Page {
  std::string plot;  // its type, for errors
  int width = 0, height = 0;
  std::string title, x_label, y_label;
  Strings notes = {};

  // What is left for the plot. Refuses if that is less than 60 x 40 pixels.
  Area area(const Room& room) const;
  // An empty drawing whose description says `what` kind of plot it is.
  Drawing drawing(const std::string& what) const;
  // Writes the title, the axis labels and the notes.
  void write(Drawing& drawing, const Area& area) const;
};

// The pixels that the numbers of a vertical axis need on its left.
double y_tick_room(const Axis& y);
// Draws these numbers, and a grid line beside each.
void draw_y_axis(Drawing& drawing, const Area& area, const Axis& y);

struct Place {
  double x = 0, y = 0;
};
// Where things of these lengths stand from left to right, with a gap
// between them, in as many rows as the page's width requires.
std::vector<Place> in_rows(const std::vector<double>& lengths, double gap,
                           double row_height, double page_width);

// Names under the axis: each on one line, on several, or turned upwards.
struct NameRow {
  Strings names;
  std::vector<Strings> lines;  // of each name
  bool upwards = false;
  double room = 0;  // the height that they need, in pixels

  // slot: the width that is available for a name, in pixels. Refuses names
  // that do not fit even if they are turned upwards.
  NameRow(const std::string& plot, const Strings& names, double slot);
  void draw(Drawing& drawing, const Area& area) const;
};

}  // namespace cnn::plots
