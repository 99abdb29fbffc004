// The four plots. Each one works out how much room its text takes, fits the
// axes into what is left, and draws on a Drawing.
#include "common/draw/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <locale>
#include <set>
#include <sstream>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

using Point = std::pair<double, double>;
using Points = std::vector<Point>;
using Strings = std::vector<std::string>;

constexpr double title_size = 16, label_size = 13, small_size = 12;
constexpr double line_height = 17;  // of labels and small text
constexpr double edge = 12;         // free pixels around everything
// Half the height of a digit: what centres text on a line.
constexpr double half_digit = 4.5;
constexpr std::size_t colours = 8;
constexpr std::size_t long_series = 2000;  // points

// ----- numbers and text -----

std::string written(double value, int digits, bool fixed) {
  if (!std::isfinite(value)) return "n/a";
  std::ostringstream out;
  out.imbue(std::locale::classic());
  if (fixed) out.setf(std::ios::fixed);
  out.precision(digits);
  out << value;
  // -0.04 with one decimal: "0.0", not "-0.0".
  const std::string text = out.str();
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text[0] == '-' ? text.substr(1) : text;
}

std::string with_decimals(double value, int decimals) {
  return written(value, decimals, true);
}

// Beyond these bounds even the distance of two numbers may overflow, or
// their quotient.
bool is_drawable(double value, bool log) {
  return std::abs(value) <= 1e150 && (!log || value >= 1e-150);
}

std::string counted(std::size_t count, const std::string& one,
                    const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string not_finite_note(std::size_t count, const std::string& done) {
  return counted(count, "value is not a finite number and is not ",
                 "values are not finite numbers and are not ") +
         done + ".";
}

// Breaks a text at spaces so that each line fits the width; a word that is
// longer than that stays whole.
Strings broken_into_lines(const std::string& text, double width,
                          double font_size) {
  Strings lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!lines.empty() &&
        text_width(lines.back() + " " + word, font_size) <= width) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

double widest(const Strings& texts, double font_size) {
  double width = 0;
  for (const std::string& text : texts) {
    width = std::max(width, text_width(text, font_size));
  }
  return width;
}

[[noreturn]] void refuse(const std::string& plot, const std::string& what) {
  fail(Refusal::argument, plot + ": " + what);
}

void require_decimals(const std::string& plot, int decimals) {
  if (decimals < 0 || decimals > 15) {
    refuse(plot,
           "expected 0 to 15 decimals, got " + std::to_string(decimals));
  }
}

// ----- axes -----

constexpr int most_y_ticks = 6;  // or one more, at both ends

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

struct Axis {
  Range range;
  bool log = false;
  bool whole = false;         // ticks at whole numbers alone
  double start = 0, end = 0;  // the pixels of range.low and range.high

  double pixel(double value) const {
    double share = log ? std::log10(value / range.low) /
                             std::log10(range.high / range.low)
                       : (value - range.low) / (range.high - range.low);
    // Far outside the plot it no longer matters how far.
    share = std::clamp(share, -1e4, 1e4);
    return start + share * (end - start);
  }
  bool contains(double value) const {
    const double slack = log ? 0 : 1e-9 * (range.high - range.low);
    return value >= range.low - slack && value <= range.high + slack;
  }
};

// The smallest of 1, 2, 5 x 10^k that is at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::vector<double> linear_ticks(Range range, int at_most, bool whole) {
  const double least = whole ? 1 : 0;
  const double step =
      std::max(least, round_step((range.high - range.low) / at_most));
  std::vector<double> ticks;
  const double last = std::floor(range.high / step + 1e-9);
  for (double k = std::ceil(range.low / step - 1e-9); k <= last; ++k) {
    ticks.push_back(k == 0 ? 0 : k * step);
  }
  return ticks;
}

// Decades, or every second, third ... of them; over less than three decades
// also 2 and 5 times a decade, over very little the ticks of a linear axis.
std::vector<double> log_ticks(Range range, int at_most) {
  const int first =
      static_cast<int>(std::floor(std::log10(range.low) + 1e-9));
  const int last =
      static_cast<int>(std::floor(std::log10(range.high) + 1e-9));
  std::vector<double> ticks;
  for (int k = first; k <= last; k += (last - first) / at_most + 1) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10.0, k);
      const bool wanted = factor == 1 || (last - first < 3 && at_most > 4);
      if (wanted && value >= range.low * (1 - 1e-9) &&
          value <= range.high * (1 + 1e-9)) {
        ticks.push_back(value);
      }
    }
  }
  return ticks.size() < 2 ? linear_ticks(range, at_most, false) : ticks;
}

std::vector<double> ticks_of(const Axis& axis, int at_most) {
  return axis.log ? log_ticks(axis.range, at_most)
                  : linear_ticks(axis.range, at_most, axis.whole);
}

bool is_whole(double value) {
  return std::abs(value) < 1e15 && value == std::round(value);
}

// With as many digits as it takes to tell neighbouring ticks apart; large
// whole numbers in groups of three: "1,000,000".
Strings tick_texts(const std::vector<double>& ticks) {
  Strings texts;
  const bool grouped_digits =
      std::all_of(ticks.begin(), ticks.end(), is_whole) &&
      std::any_of(ticks.begin(), ticks.end(),
                  [](double tick) { return std::abs(tick) >= 10000; });
  if (grouped_digits) {
    for (const double tick : ticks) texts.push_back(grouped(tick));
    return texts;
  }
  for (int digits = 6; digits <= 17; ++digits) {
    texts.clear();
    for (const double tick : ticks) {
      texts.push_back(written(tick, digits, false));
    }
    if (std::set<std::string>(texts.begin(), texts.end()).size() ==
        texts.size()) {
      break;
    }
  }
  return texts;
}

Range rounded_outwards(Range range, bool log) {
  if (!log) {
    const double step = round_step((range.high - range.low) / most_y_ticks);
    return {std::floor(range.low / step + 1e-9) * step,
            std::ceil(range.high / step - 1e-9) * step};
  }
  // The next 1, 2 or 5 times a power of ten: upwards that is what
  // round_step does, and downwards 1/x goes upwards.
  return {1 / round_step(1 / range.low), round_step(range.high)};
}

// What an axis shows: the limits that were asked for, else the data's.
struct Limits {
  std::optional<double> low, high;
};

Range range_of(Range data, Limits limits, bool log, bool round) {
  if (data.empty()) data = log ? Range{1, 10} : Range{0, 1};
  Range range{limits.low.value_or(data.low),
              limits.high.value_or(data.high)};
  const double size = std::max(std::abs(range.low), std::abs(range.high));
  const double least = std::max(1e-12 * size, log ? 0.0 : 1e-200);
  if (!(range.high - range.low > least)) {
    // All the same, or all beyond the one limit that was given: some room
    // around it.
    const double centre = limits.high.value_or(range.low);
    const double room =
        std::abs(centre) < 1e-180 ? 1 : std::abs(centre) / 2;
    range.low = limits.low.value_or(centre - room);
    range.high = limits.high.value_or(centre + room);
  }
  if (!round) return range;
  const Range rounded = rounded_outwards(range, log);
  return {limits.low.value_or(rounded.low),
          limits.high.value_or(rounded.high)};
}

void require_limits(const std::string& plot, const std::string& name,
                    Limits limits, bool log) {
  for (const auto& limit : {limits.low, limits.high}) {
    if (limit && !is_drawable(*limit, log)) {
      refuse(plot,
             "expected " + name + (log ? "_min and _max above 0" : "") +
                 " limits that can be drawn, got " + tick_text(*limit));
    }
  }
  if (limits.low && limits.high && !(*limits.low < *limits.high)) {
    refuse(plot, "expected " + name + "_min below " + name + "_max, got " +
                     tick_text(*limits.low) + " and " +
                     tick_text(*limits.high));
  }
}

// ----- the page around a plot -----

// The plot area, in pixels.
struct Area {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

struct Page {
  std::string plot;  // for errors
  int width = 0, height = 0;
  std::string title, x_label, y_label;
  Strings notes;

  Strings title_lines() const {
    return broken_into_lines(title, width - 2 * edge, title_size);
  }
  Strings x_lines() const {
    return broken_into_lines(x_label, width - 2 * edge, label_size);
  }
  Strings y_lines() const {
    return broken_into_lines(y_label, height - 2 * edge, label_size);
  }
  Strings note_lines() const {
    Strings lines;
    for (const std::string& note : notes) {
      for (const std::string& line :
           broken_into_lines(note, width - 2 * edge, small_size)) {
        lines.push_back(line);
      }
    }
    return lines;
  }
};

// What a plot needs beside its title, axis labels and notes.
struct Room {
  double left = 0, top = 0, right = 0, bottom = 0;
};

Area area_of(const Page& page, const Room& room) {
  const auto lines = [](const Strings& strings) {
    return line_height * static_cast<double>(strings.size());
  };
  const double title =
      1.25 * lines(page.title_lines()) + (page.title.empty() ? 0 : 8);
  Area area;
  area.left = edge + lines(page.y_lines()) + room.left +
              (page.y_label.empty() ? 0 : 4);
  area.right = page.width - edge - room.right;
  area.top = edge + title + room.top;
  area.bottom = page.height - edge - lines(page.note_lines()) -
                lines(page.x_lines()) - room.bottom;
  if (area.width() < 60 || area.height() < 40) {
    refuse(page.plot, "the text leaves " +
                          with_decimals(std::max(area.width(), 0.0), 0) +
                          " x " +
                          with_decimals(std::max(area.height(), 0.0), 0) +
                          " of " + std::to_string(page.width) + " x " +
                          std::to_string(page.height) +
                          " pixels for the plot; make it larger");
  }
  return area;
}

Drawing drawing_of(const Page& page, const std::string& what) {
  const std::string title = page.title.empty() ? what : page.title;
  std::string description = title + "\n" + what;
  if (!page.y_label.empty()) description += "; upwards: " + page.y_label;
  if (!page.x_label.empty()) description += "; across: " + page.x_label;
  for (const std::string& note : page.notes) description += "; " + note;
  return Drawing(page.width, page.height, description);
}

// A text's middle, moved so that neither end leaves the page.
double kept_inside(double middle, double length, double page_length) {
  const double half = length / 2 + 4;
  return std::clamp(middle, std::min(half, page_length / 2),
                    std::max(page_length - half, page_length / 2));
}

// Title, axis labels and notes.
void draw_page_text(Drawing& drawing, const Page& page, const Area& area) {
  double y = edge;
  for (const std::string& line : page.title_lines()) {
    y += 1.25 * line_height;
    drawing.text(edge, y - 6, line, "title");
  }
  double x = edge;
  for (const std::string& line : page.y_lines()) {
    x += line_height;
    const double middle =
        kept_inside((area.top + area.bottom) / 2,
                    text_width(line, label_size), page.height);
    drawing.vertical_text(x - 4, middle, line, "label");
  }
  y = page.height - edge -
      line_height * static_cast<double>(page.x_lines().size() +
                                        page.note_lines().size());
  for (const std::string& line : page.x_lines()) {
    y += line_height;
    const double middle =
        kept_inside((area.left + area.right) / 2,
                    text_width(line, label_size), page.width);
    drawing.text(middle, y - 2, line, "label", "middle");
  }
  for (const std::string& line : page.note_lines()) {
    y += line_height;
    drawing.text(edge, y, line, "small");
  }
}

constexpr double x_tick_room = 24;

double y_tick_room(const Axis& y) {
  return widest(tick_texts(ticks_of(y, most_y_ticks)), small_size) + 10;
}

void draw_y_axis(Drawing& drawing, const Area& area, const Axis& y) {
  const std::vector<double> ticks = ticks_of(y, most_y_ticks);
  const Strings texts = tick_texts(ticks);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double at = y.pixel(ticks[i]);
    drawing.line(area.left, at, area.right, at, "grid");
    drawing.text(area.left - 8, at + half_digit, texts[i], "small", "end");
  }
}

// As many ticks as fit with some space between their texts.
void draw_x_axis(Drawing& drawing, const Area& area, const Axis& x) {
  std::vector<double> ticks;
  Strings texts;
  for (int at_most = 9; at_most >= 1; --at_most) {
    ticks = ticks_of(x, at_most);
    texts = tick_texts(ticks);
    const double width = widest(texts, small_size) + 14;
    bool fits = true;
    for (std::size_t i = 1; i < ticks.size(); ++i) {
      fits = fits && x.pixel(ticks[i]) - x.pixel(ticks[i - 1]) >= width;
    }
    if (fits) break;
  }
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double at = x.pixel(ticks[i]);
    drawing.line(at, area.bottom, at, area.bottom + 5, "axis");
    drawing.text(at, area.bottom + 18, texts[i], "small", "middle");
  }
}

void draw_frame(Drawing& drawing, const Area& area) {
  drawing.line(area.left, area.bottom, area.right, area.bottom, "axis");
  drawing.line(area.left, area.top, area.left, area.bottom, "axis");
}

// Data grow to the right and upwards, pixels to the right and downwards.
void place(Axis& x, Axis& y, const Area& area) {
  x.start = area.left;
  x.end = area.right;
  y.start = area.bottom;
  y.end = area.top;
}

// ----- lines -----

// Points that are drawn as one line, without a gap, in pixels.
using Run = Points;

// A long series has more points than the plot has columns of pixels. Of
// consecutive points in one column only the first, the lowest, the highest
// and the last are kept, in their order: the ink is the same, no peak is
// lost, and a file holds at most four points per column for each pass of
// the line from left to right.
Run thinned(const Run& run) {
  Run result;
  for (std::size_t begin = 0; begin < run.size();) {
    std::size_t end = begin, lowest = begin, highest = begin;
    const double column = std::floor(run[begin].first);
    while (end < run.size() && std::floor(run[end].first) == column) {
      if (run[end].second < run[lowest].second) lowest = end;
      if (run[end].second > run[highest].second) highest = end;
      ++end;
    }
    for (const std::size_t i :
         std::set<std::size_t>{begin, lowest, highest, end - 1}) {
      result.push_back(run[i]);
    }
    begin = end;
  }
  return result;
}

// Of a cloud of points, at most one per cell of a grid is kept, and the
// cells grow until `long_series` points or fewer are left.
Points thinned_cloud(const Points& points) {
  Points kept = points;
  for (int cell = 2; kept.size() > long_series; ++cell) {
    kept.clear();
    std::set<std::pair<double, double>> taken;
    for (const auto& [x, y] : points) {
      if (taken.emplace(std::floor(x / cell), std::floor(y / cell))
              .second) {
        kept.emplace_back(x, y);
      }
    }
  }
  return kept;
}

// The part of the segment from a to b inside the area (the method of Liang
// and Barsky, 1984): the share of the way at which it enters by the last of
// the four edges and leaves by the first. Nothing if it stays outside.
std::optional<std::pair<Point, Point>> clipped(const Point& a,
                                               const Point& b,
                                               const Area& area) {
  const double dx = b.first - a.first, dy = b.second - a.second;
  const double steps[] = {-dx, dx, -dy, dy};
  const double distances[] = {a.first - area.left, area.right - a.first,
                              a.second - area.top, area.bottom - a.second};
  double enter = 0, leave = 1;
  for (std::size_t i = 0; i < 4; ++i) {
    if (steps[i] == 0) {
      if (distances[i] < 0) return std::nullopt;
    } else if (steps[i] < 0) {
      enter = std::max(enter, distances[i] / steps[i]);
    } else {
      leave = std::min(leave, distances[i] / steps[i]);
    }
  }
  if (enter > leave) return std::nullopt;
  const auto at = [&](double share) {
    return Point{a.first + share * dx, a.second + share * dy};
  };
  return std::pair{enter == 0 ? a : at(enter), leave == 1 ? b : at(leave)};
}

// The pieces of a run inside the area. A run of one point is one piece of
// one point.
std::vector<Run> clipped(const Run& run, const Area& area) {
  std::vector<Run> pieces;
  bool connected = false;
  const std::size_t segments = std::max<std::size_t>(run.size() - 1, 1);
  for (std::size_t i = 0; i < segments; ++i) {
    const Point& next = run[std::min(i + 1, run.size() - 1)];
    const auto segment = clipped(run[i], next, area);
    if (!segment) {
      connected = false;
      continue;
    }
    if (!connected) pieces.push_back({segment->first});
    if (segment->second != pieces.back().back()) {
      pieces.back().push_back(segment->second);
    }
    connected = segment->second == next;
  }
  return pieces;
}

// The series in pixels, cut where values cannot be drawn.
std::vector<Run> runs_of(const Series& series, const Axis& x,
                         const Axis& y) {
  std::vector<Run> runs;
  bool gap = true;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const bool drawn =
        is_drawable(series.x[i], x.log) && is_drawable(series.y[i], y.log);
    if (drawn && gap) runs.emplace_back();
    if (drawn) {
      runs.back().emplace_back(x.pixel(series.x[i]), y.pixel(series.y[i]));
    }
    gap = !drawn;
  }
  return runs;
}

// A text in the right margin with the place it belongs to.
struct EndLabel {
  std::string text;
  std::string text_style, leader_style;
  double y = 0;
  std::optional<Point> end = {};  // of the line; none for points
  int mark = -1;  // the series whose mark stands before the text
};

// Labels that would overlap form a block around their mean place.
struct Block {
  double middle = 0, count = 0;  // pixels; labels

  double top() const { return middle - count * line_height / 2; }
  double bottom() const { return middle + count * line_height / 2; }
};

Block joined(const Block& a, const Block& b) {
  const double count = a.count + b.count;
  return {(a.middle * a.count + b.middle * b.count) / count, count};
}

// Moves labels apart, as little as possible, so that none covers another
// and none leaves the space between top and bottom.
void spread(std::vector<EndLabel>& labels, double top, double bottom) {
  std::stable_sort(
      labels.begin(), labels.end(),
      [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
  std::vector<Block> blocks;
  for (const EndLabel& label : labels) {
    blocks.push_back({label.y, 1});
    for (bool settled = false; !settled;) {
      Block& last = blocks.back();
      last.middle += std::min(bottom - last.bottom(), 0.0);
      last.middle += std::max(top - last.top(), 0.0);
      settled = blocks.size() < 2 ||
                blocks[blocks.size() - 2].bottom() <= last.top();
      if (settled) continue;
      const Block both = joined(blocks[blocks.size() - 2], last);
      blocks.pop_back();
      blocks.back() = both;
    }
  }
  auto label = labels.begin();
  for (const Block& block : blocks) {
    for (double i = 0.5; i < block.count; ++i) {
      (label++)->y = block.top() + i * line_height;
    }
  }
}

constexpr double label_gap = 20;  // between the plot and the end labels

void draw_end_labels(Drawing& drawing, const Page& page, const Area& area,
                     std::vector<EndLabel> labels) {
  const double height = line_height * static_cast<double>(labels.size());
  const double top = std::min(area.top - 6, area.bottom - height);
  if (top < 0) {
    refuse(page.plot, std::to_string(labels.size()) +
                          " labels do not fit a height of " +
                          std::to_string(page.height) + " pixels");
  }
  const double x = area.right + label_gap;
  // Far from the margin a label stands at its line's end: a line across the
  // plot would look like a series.
  const auto far = std::stable_partition(
      labels.begin(), labels.end(), [&](const EndLabel& label) {
        return !label.end || x - label.end->first < 100;
      });
  for (auto label = far; label != labels.end(); ++label) {
    drawing.text(label->end->first, label->end->second - 7, label->text,
                 label->text_style, "end");
  }
  labels.erase(far, labels.end());
  spread(labels, top, area.bottom + 6);
  for (const EndLabel& label : labels) {
    if (label.end) {
      drawing.line(label.end->first + 2, label.end->second, x - 4, label.y,
                   label.leader_style + " leader");
    }
    if (label.mark >= 0) drawing.marks({{x - 9, label.y}}, label.mark);
    drawing.text(x, label.y + half_digit, label.text, label.text_style);
  }
}

bool has_drawable(const LinePlot& plot, const Series& series) {
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (is_drawable(series.x[i], plot.log_x) &&
        is_drawable(series.y[i], plot.log_y)) {
      return true;
    }
  }
  return false;
}

std::string label_of(const LinePlot& plot, const Series& series) {
  if (series.label.empty() || has_drawable(plot, series)) {
    return series.label;
  }
  return series.label + " (no values)";
}

void check(const LinePlot& plot) {
  const std::string name = "LinePlot";
  bool any = false;
  for (const Series& series : plot.series) {
    if (series.x.size() != series.y.size()) {
      refuse(name, "series \"" + series.label +
                       "\" expects as many x as y, got " +
                       std::to_string(series.x.size()) + " and " +
                       std::to_string(series.y.size()));
    }
    any = any || !series.x.empty();
  }
  if (!any) {
    refuse(name, "expected at least one point, got " +
                     counted(plot.series.size(), "series", "series") +
                     " without any");
  }
  require_limits(name, "x", {plot.x_min, plot.x_max}, plot.log_x);
  require_limits(name, "y", {plot.y_min, plot.y_max}, plot.log_y);
  if (plot.reference && !is_drawable(plot.reference->first, plot.log_y)) {
    refuse(name, "expected a reference that can be drawn, got " +
                     tick_text(plot.reference->first));
  }
}

// The axes, not yet placed on the page.
std::pair<Axis, Axis> axes_of(const LinePlot& plot) {
  Range x_data, y_data;
  bool points = false, whole = true;
  for (const Series& series : plot.series) {
    points = points || series.points;
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (is_drawable(series.x[i], plot.log_x) &&
          is_drawable(series.y[i], plot.log_y)) {
        x_data.include(series.x[i]);
        whole = whole && is_whole(series.x[i]);
        y_data.include(series.y[i]);
      }
    }
  }
  if (plot.reference) y_data.include(plot.reference->first);
  // A line may begin on the axis; a dot there would be half covered.
  Axis x, y;
  x.log = plot.log_x;
  y.log = plot.log_y;
  x.range = range_of(x_data, {plot.x_min, plot.x_max}, x.log, points);
  x.whole = whole && x.range.high - x.range.low >= 2;
  y.range = range_of(y_data, {plot.y_min, plot.y_max}, y.log, true);
  return {x, y};
}

// What a reader does not see.
struct Unseen {
  std::size_t not_finite = 0, not_positive = 0, outside = 0;
};

Unseen unseen(const LinePlot& plot, const Axis& x, const Axis& y) {
  Unseen count;
  for (const Series& series : plot.series) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      const double at = series.x[i], value = series.y[i];
      if (!is_drawable(at, false) || !is_drawable(value, false)) {
        ++count.not_finite;
      } else if (!is_drawable(at, x.log) || !is_drawable(value, y.log)) {
        ++count.not_positive;
      } else if (x.contains(at) && !y.contains(value)) {
        ++count.outside;
      }
    }
  }
  if (plot.reference && !y.contains(plot.reference->first)) {
    ++count.outside;
  }
  return count;
}

Strings notes_of(const LinePlot& plot, const Axis& x, const Axis& y) {
  const Unseen count = unseen(plot, x, y);
  Strings notes;
  if (count.not_finite > 0) {
    notes.push_back(not_finite_note(count.not_finite, "drawn"));
  }
  if (count.not_positive > 0) {
    notes.push_back(counted(count.not_positive,
                            "value is not positive and has",
                            "values are not positive and have") +
                    " no place on a logarithmic axis.");
  }
  if (count.outside > 0) {
    notes.push_back(counted(count.outside, "value lies", "values lie") +
                    " above or below the axis.");
  }
  for (const Series& series : plot.series) {
    if (series.points && series.x.size() > long_series) {
      notes.push_back("Of " + std::to_string(series.x.size()) +
                      " points at most " + std::to_string(long_series) +
                      " are drawn, evenly over the plot.");
    }
  }
  return notes;
}

// Draws one series; returns where its line ends.
std::optional<Point> draw_line(Drawing& drawing, const Area& area,
                               const std::vector<Run>& runs,
                               std::size_t points, int colour) {
  const std::string index = std::to_string(colour);
  std::optional<Point> end;
  for (const Run& run : runs) {
    const Run line = points > long_series ? thinned(run) : run;
    for (const Run& piece : clipped(line, area)) {
      if (piece.size() > 1) {
        drawing.polyline(piece, "series-" + index);
      } else {
        drawing.circle(piece[0].first, piece[0].second, 3, "fill-" + index);
      }
      end = piece.back();
    }
  }
  return end;
}

// The points inside the area, as marks.
void draw_cloud(Drawing& drawing, const Area& area,
                const std::vector<Run>& runs, int colour) {
  Points inside;
  for (const Run& run : runs) {
    for (const Point& point : run) {
      if (clipped(point, point, area)) inside.push_back(point);
    }
  }
  drawing.marks(thinned_cloud(inside), colour);
}

// Draws one series; returns its label, unless it has none.
std::optional<EndLabel> draw_series(Drawing& drawing, const Area& area,
                                    const LinePlot& plot, const Axis& x,
                                    const Axis& y, std::size_t index) {
  const Series& series = plot.series[index];
  const int colour = static_cast<int>(index % colours);
  const std::string style = "series-" + std::to_string(colour);
  const std::vector<Run> runs = runs_of(series, x, y);
  std::optional<Point> end;
  if (series.points) {
    draw_cloud(drawing, area, runs, colour);
  } else {
    end = draw_line(drawing, area, runs, series.x.size(), colour);
  }
  if (series.label.empty()) return std::nullopt;
  EndLabel label{label_of(plot, series), "label " + style, style,
                 area.bottom};
  if (series.points) {
    // A cloud has no end: labels in the order of the series.
    label.y = area.top + line_height * static_cast<double>(index);
    label.mark = colour;
  } else if (!runs.empty()) {
    label.y = std::clamp(end.value_or(runs.back().back()).second, area.top,
                         area.bottom);
    label.end = end;
  }
  return label;
}

std::optional<EndLabel> draw_reference(Drawing& drawing, const Area& area,
                                       const LinePlot& plot,
                                       const Axis& y) {
  if (!plot.reference || !y.contains(plot.reference->first)) {
    return std::nullopt;
  }
  const double at = y.pixel(plot.reference->first);
  drawing.line(area.left, at, area.right, at, "dotted");
  return EndLabel{plot.reference->second, "label", "axis", at,
                  Point{area.right, at}};
}

// ----- bars -----

// Names under the axis: on one line, on several, or upwards.
struct NameRow {
  std::vector<Strings> lines;
  bool upwards = false;
  double room = 0;  // pixels
};

NameRow name_row(const std::string& plot, const Strings& names,
                 double slot) {
  NameRow row;
  std::size_t most_lines = 1;
  for (const std::string& name : names) {
    row.lines.push_back(broken_into_lines(name, slot - 6, small_size));
    most_lines = std::max(most_lines, row.lines.back().size());
    row.upwards =
        row.upwards || widest(row.lines.back(), small_size) > slot - 4;
  }
  row.room = 8 + line_height * static_cast<double>(most_lines);
  if (row.upwards) row.room = 12 + widest(names, small_size);
  if (row.upwards && slot < small_size + 1) {
    refuse(plot, std::to_string(names.size()) +
                     " names do not fit; make the plot wider");
  }
  return row;
}

void draw_names(Drawing& drawing, const Area& area, const Strings& names,
                const NameRow& row) {
  const double slot = area.width() / static_cast<double>(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double x = area.left + slot * (static_cast<double>(i) + 0.5);
    if (row.upwards) {
      drawing.vertical_text(x + half_digit, area.bottom + 8, names[i],
                            "small", "end");
      continue;
    }
    double y = area.bottom + 1;
    for (const std::string& line : row.lines[i]) {
      y += line_height;
      drawing.text(x, y, line, "small", "middle");
    }
  }
}

void check(const BarPlot& plot) {
  const std::string name = "BarPlot";
  if (plot.names.empty() || plot.bars.empty()) {
    refuse(name,
           "expected names and bars, got " +
               counted(plot.names.size(), "name", "names") + " and " +
               counted(plot.bars.size(), "set of bars", "sets of bars"));
  }
  for (const BarPlot::Bars& bars : plot.bars) {
    if (bars.values.size() != plot.names.size()) {
      refuse(name, "bars \"" + bars.label + "\" expect " +
                       counted(plot.names.size(), "value", "values") +
                       ", one per name, got " +
                       std::to_string(bars.values.size()));
    }
  }
  require_limits(name, "y", {plot.y_min, plot.y_max}, false);
  require_decimals(name, plot.decimals);
}

// With the room for the values written beyond the bars' ends, a share of
// the height.
Axis bar_axis(const BarPlot& plot, double text_share) {
  Range data;
  for (const BarPlot::Bars& bars : plot.bars) {
    for (const double value : bars.values) {
      if (is_drawable(value, false)) data.include(value);
    }
  }
  if (!plot.y_min || *plot.y_min <= 0) data.include(0);
  const double room = text_share * (data.high - data.low);
  if (data.high > 0) data.high += room;
  if (data.low < 0) data.low -= room;
  Axis axis;
  axis.range = range_of(data, {plot.y_min, plot.y_max}, false, false);
  return axis;
}

Strings notes_of(const BarPlot& plot, const Axis& y) {
  std::size_t not_finite = 0, outside = 0;
  for (const BarPlot::Bars& bars : plot.bars) {
    for (const double value : bars.values) {
      if (!is_drawable(value, false)) {
        ++not_finite;
      } else if (!y.contains(value)) {
        ++outside;
      }
    }
  }
  Strings notes;
  if (not_finite > 0) {
    notes.push_back(not_finite_note(not_finite, "drawn"));
  }
  if (outside > 0) {
    notes.push_back(counted(outside, "bar does", "bars do") +
                    " not end on the axis; the number on it is right.");
  }
  return notes;
}

// Legend entries from left to right, in as many rows as it takes.
struct LegendEntry {
  double x = 0, y = 0;
};

constexpr double swatch = 14, swatch_gap = 6, entry_gap = 18;

std::vector<LegendEntry> legend_entries(const BarPlot& plot) {
  std::vector<LegendEntry> entries;
  if (plot.bars.size() < 2) return entries;
  LegendEntry next{edge, 0};
  for (const BarPlot::Bars& bars : plot.bars) {
    const double length =
        swatch + swatch_gap + text_width(bars.label, label_size);
    if (next.x > edge && next.x + length > plot.width - edge) {
      next = {edge, next.y + 22};
    }
    entries.push_back(next);
    next.x += length + entry_gap;
  }
  return entries;
}

// A bar's area and, beyond the first series, a pattern on it: colour is not
// the only thing that tells them apart.
void draw_bar(Drawing& drawing, const Area& bar, std::size_t series) {
  const std::string index = std::to_string(series % colours);
  drawing.rectangle(bar.left, bar.top, bar.width(), bar.height(),
                    "fill-" + index);
  if (series % colours > 0) {
    drawing.rectangle(bar.left, bar.top, bar.width(), bar.height(),
                      "hatch-" + index);
  }
}

void draw_legend(Drawing& drawing, const BarPlot& plot, double top) {
  const std::vector<LegendEntry> entries = legend_entries(plot);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const double x = entries[i].x, y = top + entries[i].y;
    draw_bar(drawing, {x, y, x + swatch, y + swatch}, i);
    drawing.text(x + swatch + swatch_gap, y + swatch / 2 + half_digit,
                 plot.bars[i].label, "label");
  }
}

// Where the bars stand, and how their values are written.
struct BarLayout {
  double slot = 0, bar = 0;  // the width of a group and of a bar, pixels
  double text_width = 0;     // of the longest value
  bool upwards = false;      // values that are wider than their bars
};

BarLayout bar_layout(const BarPlot& plot, double width) {
  BarLayout layout;
  layout.slot = width / static_cast<double>(plot.names.size());
  const double bars = static_cast<double>(plot.bars.size());
  // A fifth of a group is free, so that groups stand apart.
  layout.bar = std::min(0.8 * layout.slot / bars, 90.0);
  for (const BarPlot::Bars& one : plot.bars) {
    for (const double value : one.values) {
      layout.text_width = std::max(
          layout.text_width,
          text_width(with_decimals(value, plot.decimals), small_size));
    }
  }
  layout.upwards = layout.text_width > layout.bar - 2;
  if (layout.bar < small_size) {
    refuse("BarPlot", "bars of " + with_decimals(layout.bar, 1) +
                          " pixels have no room for their values; make the "
                          "plot wider");
  }
  return layout;
}

// One bar from the base line to its value, cut at the plot's edges, and its
// value beyond its end.
void draw_value(Drawing& drawing, const BarPlot& plot, const Axis& y,
                const BarLayout& layout, double left, double value,
                std::size_t series) {
  const bool drawn = is_drawable(value, false);
  const double low = y.range.low, high = y.range.high;
  const double base = std::clamp(0.0, low, high);
  const double end = std::clamp(drawn ? value : base, low, high);
  const double base_y = y.pixel(base), end_y = y.pixel(end);
  const double gap = layout.bar > 20 ? 2 : 1;
  if (end_y != base_y) {
    draw_bar(drawing,
             {left + gap / 2, std::min(base_y, end_y),
              left + layout.bar - gap / 2, std::max(base_y, end_y)},
             series);
  }
  const bool below = drawn && value < base;
  const std::string text =
      drawn ? with_decimals(value, plot.decimals) : "n/a";
  const double middle = left + layout.bar / 2;
  if (layout.upwards) {
    drawing.vertical_text(middle + half_digit, end_y + (below ? 5 : -5),
                          text, "small ink", below ? "end" : "start");
  } else {
    drawing.text(middle, end_y + (below ? 14 : -5), text, "small ink",
                 "middle");
  }
}

void draw_bars(Drawing& drawing, const BarPlot& plot, const Area& area,
               const Axis& y, const BarLayout& layout) {
  const double group = layout.bar * static_cast<double>(plot.bars.size());
  for (std::size_t i = 0; i < plot.names.size(); ++i) {
    double left = area.left + layout.slot * static_cast<double>(i) +
                  (layout.slot - group) / 2;
    for (std::size_t s = 0; s < plot.bars.size(); ++s) {
      draw_value(drawing, plot, y, layout, left, plot.bars[s].values[i], s);
      left += layout.bar;
    }
  }
}

// ----- histogram -----

struct Bins {
  double low = 0, width = 1;
  std::vector<double> counts;
  std::size_t not_finite = 0;
};

Bins counted_in_bins(const Histogram& plot) {
  if (plot.values.empty() || plot.bins < 1) {
    refuse("Histogram", "expected values and at least one bin, got " +
                            counted(plot.values.size(), "value", "values") +
                            " and " + std::to_string(plot.bins) + " bins");
  }
  Range data;
  for (const double value : plot.values) {
    if (is_drawable(value, false)) data.include(value);
  }
  const Range range = range_of(data, {}, false, false);
  Bins bins;
  bins.low = range.low;
  bins.width = (range.high - range.low) / plot.bins;
  bins.counts.assign(static_cast<std::size_t>(plot.bins), 0);
  for (const double value : plot.values) {
    if (!is_drawable(value, false)) {
      ++bins.not_finite;
      continue;
    }
    // The largest value belongs to the last bin.
    const double bin = std::floor((value - bins.low) / bins.width);
    ++bins.counts[static_cast<std::size_t>(
        std::clamp(bin, 0.0, plot.bins - 1.0))];
  }
  return bins;
}

// ----- heat map -----

struct Colour {
  double red, green, blue;  // 0 to 255
};

// Light to dark in one hue, so that the order survives any kind of colour
// blindness and a black-and-white print.
using Ramp = std::array<Colour, 3>;
const Ramp blue_ramp{{{238, 244, 251}, {74, 144, 200}, {8, 48, 107}}};
const Ramp orange_ramp{{{253, 243, 232}, {232, 133, 58}, {115, 42, 4}}};

Colour colour_at(const Ramp& ramp, double share) {
  const std::size_t part = share < 0.5 ? 0 : 1;
  const double t = 2 * share - static_cast<double>(part);
  const Colour &a = ramp[part], &b = ramp[part + 1];
  return {a.red + t * (b.red - a.red), a.green + t * (b.green - a.green),
          a.blue + t * (b.blue - a.blue)};
}

std::string hexadecimal(const Colour& colour) {
  const char* digits = "0123456789abcdef";
  std::string text = "#";
  for (const double part : {colour.red, colour.green, colour.blue}) {
    const long level = std::lround(part);
    text += digits[level / 16];
    text += digits[level % 16];
  }
  return text;
}

// How bright a colour looks, 0 to 1 (relative luminance, WCAG 2.1).
double luminance(const Colour& colour) {
  const auto linear = [](double level) {
    level /= 255;
    return level <= 0.04045 ? level / 12.92
                            : std::pow((level + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) +
         0.0722 * linear(colour.blue);
}

// Black or white, whichever has the higher contrast; contrast is
// (L1 + 0.05) / (L2 + 0.05), so they are equal at L = 0.179.
std::string text_style_on(const Colour& colour) {
  return luminance(colour) > 0.179 ? "small on-light" : "small on-dark";
}

// A colour for every value of a range.
struct ColourScale {
  Ramp ramp;
  Range range;
  std::string name;  // in the legend

  Colour operator()(double value) const {
    const double span = range.high - range.low;
    return colour_at(ramp, span > 0 ? (value - range.low) / span : 0.5);
  }
};

struct Scales {
  ColourScale others{blue_ramp, {}, ""};
  ColourScale diagonal{blue_ramp, {}, ""};
};

void check(const HeatMap& plot) {
  const std::string name = "HeatMap";
  require_rank(plot.values.shape(), 2, name, "values");
  const Shape shape{static_cast<int>(plot.row_names.size()),
                    static_cast<int>(plot.column_names.size())};
  if (plot.values.shape() != shape || plot.values.size() == 0) {
    refuse(name,
           "expected one name per row and column of values " +
               to_string(plot.values.shape()) + ", got " +
               counted(plot.row_names.size(), "row name", "row names") +
               " and " +
               counted(plot.column_names.size(), "column name",
                       "column names"));
  }
  if (plot.diagonal_apart && shape[0] != shape[1]) {
    refuse(name, "a diagonal apart expects a square, got " +
                     to_string(plot.values.shape()));
  }
  require_decimals(name, plot.decimals);
}

Scales scales_of(const HeatMap& plot) {
  Scales scales;
  if (plot.diagonal_apart) {
    scales.others = {orange_ramp, {}, "off the diagonal"};
    scales.diagonal.name = "on the diagonal";
  }
  for (int row = 0; row < plot.values.extent(0); ++row) {
    for (int column = 0; column < plot.values.extent(1); ++column) {
      const double value = plot.values(row, column);
      if (!is_drawable(value, false)) continue;
      const bool apart = plot.diagonal_apart && row == column;
      (apart ? scales.diagonal : scales.others).range.include(value);
    }
  }
  for (ColourScale* scale : {&scales.others, &scales.diagonal}) {
    if (scale->range.empty()) scale->range = {0, 0};
    // Counts are read as more or less than nothing.
    scale->range.low = std::min(scale->range.low, 0.0);
  }
  return scales;
}

// The text in a cell; empty for a zero that is not written.
std::string cell_text(const HeatMap& plot, double value) {
  if (value == 0 && !plot.zeros) return "";
  return with_decimals(value, plot.decimals);
}

bool numbers_fit(const HeatMap& plot, double width, double height) {
  double longest = 0;
  for (const float value : plot.values.data()) {
    longest =
        std::max(longest, text_width(cell_text(plot, value), small_size));
  }
  return longest <= width - 2 && height >= small_size + 2;
}

void draw_cells(Drawing& drawing, const HeatMap& plot, const Area& area,
                const Scales& scales) {
  const double width = area.width() / plot.values.extent(1);
  const double height = area.height() / plot.values.extent(0);
  const bool numbers = numbers_fit(plot, width, height);
  for (int row = 0; row < plot.values.extent(0); ++row) {
    for (int column = 0; column < plot.values.extent(1); ++column) {
      const double value = plot.values(row, column);
      const bool apart = plot.diagonal_apart && row == column;
      const ColourScale& scale = apart ? scales.diagonal : scales.others;
      const Colour colour =
          is_drawable(value, false) ? scale(value) : Colour{176, 176, 176};
      const double x = area.left + column * width;
      const double y = area.top + row * height;
      drawing.filled(x + 0.5, y + 0.5, width - 1, height - 1,
                     hexadecimal(colour));
      const std::string text = cell_text(plot, value);
      if (numbers && !text.empty()) {
        drawing.text(x + width / 2, y + height / 2 + half_digit, text,
                     text_style_on(colour), "middle");
      }
    }
  }
}

constexpr double strip_steps = 12, strip_step = 8, strip_gap = 8;

// Its name, its lowest number, a strip of its colours, its highest number.
double scale_length(const ColourScale& scale, int decimals) {
  const double name = text_width(scale.name, small_size);
  return name + (name > 0 ? strip_gap : 0) +
         text_width(with_decimals(scale.range.low, decimals), small_size) +
         strip_gap + strip_steps * strip_step + strip_gap +
         text_width(with_decimals(scale.range.high, decimals), small_size);
}

void draw_scale(Drawing& drawing, const ColourScale& scale, int decimals,
                double x, double y) {
  const auto write = [&](const std::string& text) {
    if (text.empty()) return;
    drawing.text(x, y + 7 + half_digit, text, "small");
    x += text_width(text, small_size) + strip_gap;
  };
  write(scale.name);
  write(with_decimals(scale.range.low, decimals));
  for (double i = 0; i < strip_steps; ++i) {
    const Colour colour = colour_at(scale.ramp, i / (strip_steps - 1));
    drawing.filled(x, y, strip_step, 14, hexadecimal(colour));
    x += strip_step;
  }
  x += strip_gap;
  write(with_decimals(scale.range.high, decimals));
}

// The legend above the cells: one scale, or two side by side, or below each
// other if the page is narrow.
constexpr double scale_row = 24;

bool scales_side_by_side(const HeatMap& plot, const Scales& scales) {
  return 3 * edge + scale_length(scales.diagonal, plot.decimals) +
             scale_length(scales.others, plot.decimals) <=
         plot.width - edge;
}

double scales_height(const HeatMap& plot, const Scales& scales) {
  const bool two_rows =
      plot.diagonal_apart && !scales_side_by_side(plot, scales);
  return 6 + (two_rows ? 2 : 1) * scale_row;
}

void draw_scales(Drawing& drawing, const HeatMap& plot,
                 const Scales& scales, double y) {
  double x = edge;
  if (plot.diagonal_apart) {
    draw_scale(drawing, scales.diagonal, plot.decimals, x, y);
    if (scales_side_by_side(plot, scales)) {
      x += scale_length(scales.diagonal, plot.decimals) + 2 * edge;
    } else {
      y += scale_row;
    }
  }
  draw_scale(drawing, scales.others, plot.decimals, x, y);
}

}  // namespace

std::string tick_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return written(value, 6, false);
}

std::string LinePlot::svg() const {
  check(*this);
  auto [x_axis, y_axis] = axes_of(*this);
  const Page page{"LinePlot",
                  width,
                  height,
                  title,
                  x_label,
                  y_label,
                  notes_of(*this, x_axis, y_axis)};
  Strings labels;
  for (const Series& one : series) labels.push_back(label_of(*this, one));
  if (reference) labels.push_back(reference->second);
  const double label_width = widest(labels, label_size);
  const Area area = area_of(
      page, {y_tick_room(y_axis), 8,
             label_width > 0 ? label_gap + label_width : 16, x_tick_room});
  place(x_axis, y_axis, area);

  Drawing drawing = drawing_of(page, "Line plot");
  draw_y_axis(drawing, area, y_axis);
  draw_x_axis(drawing, area, x_axis);
  draw_frame(drawing, area);
  std::vector<EndLabel> ends;
  if (const auto label = draw_reference(drawing, area, *this, y_axis)) {
    ends.push_back(*label);
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto label = draw_series(drawing, area, *this, x_axis, y_axis, i);
    if (label) ends.push_back(*label);
  }
  draw_end_labels(drawing, page, area, ends);
  draw_page_text(drawing, page, area);
  return drawing.svg();
}

std::string BarPlot::svg() const {
  check(*this);
  // How wide the bars are decides how their values are written and so how
  // high the axis must reach, which decides how wide its numbers are. A
  // guess of 60 pixels for those breaks the circle.
  const BarLayout guess = bar_layout(*this, width - 2 * edge - 60);
  const double text_height = guess.upwards ? guess.text_width + 8 : 20;
  Axis y = bar_axis(*this, text_height / (height * 0.6));
  const Page page{"BarPlot",         width, height, title, x_label, y_label,
                  notes_of(*this, y)};
  const auto entries = legend_entries(*this);
  Room room{y_tick_room(y), 8, 0, 0};
  if (!entries.empty()) room.top += entries.back().y + 26;
  const double legend_top = area_of(page, room).top - room.top + 8;
  if (y_max) room.top += text_height;
  const double slot =
      area_of(page, room).width() / static_cast<double>(names.size());
  const NameRow row = name_row("BarPlot", names, slot);
  room.bottom = row.room + (y_min && *y_min < 0 ? text_height : 0);
  const Area area = area_of(page, room);
  y.start = area.bottom;
  y.end = area.top;

  Drawing drawing = drawing_of(page, "Bar plot");
  draw_y_axis(drawing, area, y);
  draw_bars(drawing, *this, area, y, bar_layout(*this, area.width()));
  const double base = y.pixel(std::clamp(0.0, y.range.low, y.range.high));
  drawing.line(area.left, base, area.right, base, "axis");
  draw_legend(drawing, *this, legend_top);
  draw_names(drawing, area, names, row);
  draw_page_text(drawing, page, area);
  return drawing.svg();
}

std::string Histogram::svg() const {
  const Bins counts = counted_in_bins(*this);
  Axis x, y;
  x.range = {counts.low, counts.low + bins * counts.width};
  y.range = {0, 1};
  for (const double count : counts.counts) y.range.include(1.05 * count);
  Page page{"Histogram", width, height, title, x_label, y_label, {}};
  if (counts.not_finite > 0) {
    page.notes.push_back(not_finite_note(counts.not_finite, "counted"));
  }
  const Area area = area_of(page, {y_tick_room(y), 8, 16, x_tick_room});
  place(x, y, area);

  Drawing drawing = drawing_of(page, "Histogram");
  draw_y_axis(drawing, area, y);
  const double bar = area.width() / bins;
  const double gap = bar > 4 ? 1 : 0;
  for (std::size_t i = 0; i < counts.counts.size(); ++i) {
    if (counts.counts[i] == 0) continue;
    const double left = area.left + static_cast<double>(i) * bar;
    const double top = y.pixel(counts.counts[i]);
    drawing.rectangle(left + gap / 2, top, bar - gap, area.bottom - top,
                      "fill-0");
  }
  draw_x_axis(drawing, area, x);
  drawing.line(area.left, area.bottom, area.right, area.bottom, "axis");
  draw_page_text(drawing, page, area);
  return drawing.svg();
}

std::string HeatMap::svg() const {
  check(*this);
  Page page{"HeatMap", width, height, title, x_label, y_label, {}};
  const auto not_finite =
      std::count_if(values.data().begin(), values.data().end(),
                    [](float value) { return !is_drawable(value, false); });
  if (not_finite > 0) {
    page.notes.push_back(counted(static_cast<std::size_t>(not_finite),
                                 "value is not a finite number",
                                 "values are not finite numbers") +
                         ": a grey cell.");
  }
  const Scales scales = scales_of(*this);
  const double scale_room = scales_height(*this, scales);
  Room room{widest(row_names, small_size) + 10, 8, 0, 0};
  const double slot = area_of(page, room).width() / values.extent(1);
  const NameRow row = name_row("HeatMap", column_names, slot);
  room.top += scale_room;
  room.bottom = row.room;
  const Area area = area_of(page, room);

  Drawing drawing = drawing_of(page, "Heat map");
  draw_scales(drawing, *this, scales, area.top - scale_room);
  draw_cells(drawing, *this, area, scales);
  const double cell = area.height() / values.extent(0);
  for (std::size_t i = 0; i < row_names.size(); ++i) {
    const double y = area.top + cell * (static_cast<double>(i) + 0.5);
    drawing.text(area.left - 8, y + half_digit, row_names[i], "small",
                 "end");
  }
  draw_names(drawing, area, column_names, row);
  draw_page_text(drawing, page, area);
  return drawing.svg();
}

}  // namespace cnn
