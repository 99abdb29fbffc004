// What every plot has around its axes: title, labels, notes, and the
// numbers and names along the sides. What they need is worked out first;
// the plot gets what is left.
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
// Half the height of a digit: what centres text on a line.
constexpr double half_digit = 4.5;
constexpr std::size_t palette_size = 8;  // series-0 ... series-7

[[noreturn]] void refuse(const std::string& plot, const std::string& what);
void require_decimals(const std::string& plot, int decimals);

std::string not_finite_note(std::size_t count);
// A number, or "n/a" for what is none.
std::string with_decimals(double value, int decimals);
double widest(const Strings& texts, double font_size);

// The plot area, in pixels.
struct Area {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

// What a plot needs beside its title, axis labels and notes.
struct Room {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct Page {
  std::string plot;  // for errors
  int width = 0, height = 0;
  std::string title, x_label, y_label;
  Strings notes = {};

  // What is left for the plot. Refuses if that is next to nothing.
  Area area(const Room& room) const;
  // An empty drawing with its description.
  Drawing drawing(const std::string& what) const;
  // Title, axis labels and notes.
  void write(Drawing& drawing, const Area& area) const;
};

// The numbers of a vertical axis, and the grid lines beside them.
double y_tick_room(const Axis& y);
void draw_y_axis(Drawing& drawing, const Area& area, const Axis& y);

// Where things of these lengths stand from left to right, with a gap
// between them, in as many rows as the page's width takes.
struct Place {
  double x = 0, y = 0;
};
std::vector<Place> in_rows(const std::vector<double>& lengths, double gap,
                           double row_height, double page_width);

// Names under the axis: on one line, on several, or upwards.
struct NameRow {
  Strings names;
  std::vector<Strings> lines;  // of each name
  bool upwards = false;
  double room = 0;  // pixels

  // slot: the width that a name has, in pixels.
  NameRow(const std::string& plot, const Strings& names, double slot);
  void draw(Drawing& drawing, const Area& area) const;
};

}  // namespace cnn::plots
