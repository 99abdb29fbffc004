#include <algorithm>
#include <cmath>

#include "common/draw/page.hpp"
#include "common/draw/plot.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

using namespace plots;

using Point = std::pair<double, double>;
using Points = std::vector<Point>;

// ----- what is drawn, and on which axes -----

void check(const LinePlot& plot) {
  bool any = false;
  for (const Series& series : plot.series) {
    if (series.x.size() != series.y.size()) {
      refuse("LinePlot", "series \"" + series.label +
                             "\" expects as many x as y, got " +
                             std::to_string(series.x.size()) + " and " +
                             std::to_string(series.y.size()));
    }
    if (!series.errors.empty() && series.errors.size() != series.y.size()) {
      refuse("LinePlot", "series \"" + series.label +
                             "\" expects as many errors as y, got " +
                             std::to_string(series.errors.size()) +
                             " and " + std::to_string(series.y.size()));
    }
    for (const double error : series.errors) {
      if (!(error >= 0 && std::isfinite(error))) {
        refuse("LinePlot", "series \"" + series.label +
                               "\" expects errors of 0 or more, got " +
                               tick_text(error));
      }
    }
    any = any || !series.x.empty();
  }
  if (!any) {
    refuse("LinePlot", "expected at least one point, got " +
                           std::to_string(plot.series.size()) +
                           " series without any");
  }
  require_limits("LinePlot", "x", {plot.x_min, plot.x_max}, plot.log_x);
  require_limits("LinePlot", "y", {plot.y_min, plot.y_max}, plot.log_y);
  if (plot.reference && !is_drawable(plot.reference->first, plot.log_y)) {
    refuse("LinePlot", "expected a reference that can be drawn, got " +
                           tick_text(plot.reference->first));
  }
}

// The points of a series that have a place on both axes, in runs without a
// gap.
std::vector<Points> runs_of(const LinePlot& plot, const Series& series) {
  std::vector<Points> runs;
  bool gap = true;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const bool drawn = is_drawable(series.x[i], plot.log_x) &&
                       is_drawable(series.y[i], plot.log_y);
    if (drawn && gap) runs.emplace_back();
    if (drawn) runs.back().emplace_back(series.x[i], series.y[i]);
    gap = !drawn;
  }
  return runs;
}

// The axes, not yet placed on the page.
std::pair<Axis, Axis> axes_of(const LinePlot& plot) {
  Range x_data, y_data;
  bool points = false, whole = true;
  for (const Series& series : plot.series) {
    points = points || series.points;
    for (std::size_t i = 0; i < series.errors.size(); ++i) {
      if (!is_drawable(series.x[i], plot.log_x)) continue;
      for (const double sign : {-1.0, 1.0}) {
        const double end = series.y[i] + sign * series.errors[i];
        if (is_drawable(end, plot.log_y)) y_data.include(end);
      }
    }
    for (const Points& run : runs_of(plot, series)) {
      for (const auto& [x, y] : run) {
        x_data.include(x);
        y_data.include(y);
        whole = whole && is_whole(x);
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

// Says how many values are not drawn, and why.
Strings notes_of(const LinePlot& plot, const Axis& x, const Axis& y) {
  std::size_t not_finite = 0, not_positive = 0, above = 0, below = 0;
  const auto count = [&](double value) {
    if (y.contains(value)) return;
    ++(value > y.range.high ? above : below);
  };
  for (const Series& series : plot.series) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      const double at = series.x[i], value = series.y[i];
      if (!is_drawable(at) || !is_drawable(value)) {
        ++not_finite;
      } else if (!is_drawable(at, x.log) || !is_drawable(value, y.log)) {
        ++not_positive;
      } else if (x.contains(at)) {
        count(value);
      }
    }
  }
  if (plot.reference) count(plot.reference->first);
  Strings notes;
  if (not_finite > 0) notes.push_back(not_finite_note(not_finite));
  if (not_positive > 0) {
    notes.push_back(counted_text(not_positive,
                                 "value is not positive and has",
                                 "values are not positive and have") +
                    " no place on a logarithmic axis.");
  }
  for (const auto& [values, where] :
       {std::pair{above, "above"}, std::pair{below, "below"}}) {
    if (values > 0)
      notes.push_back(counted_text(values, "value lies ", "values lie ") +
                      where + " what the axis shows.");
  }
  return notes;
}

// Draws as many ticks as fit with some space between their texts.
void draw_x_axis(Drawing& drawing, const Area& area, const Axis& x) {
  std::vector<double> ticks;
  Strings texts;
  for (int at_most = 9; at_most >= 1; --at_most) {
    ticks = x.ticks(at_most);
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

// ----- lines cut at the edges, all in pixels -----

// The part of the segment from a to b inside the area (the method of Liang
// and Barsky, 1984). `enter` is the share of the way at which it has
// crossed the last edge inwards, and `leave` that at which it crosses the
// first one outwards. Nothing if the segment stays outside.
std::optional<std::pair<Point, Point>> clipped(const Point& a,
                                               const Point& b,
                                               const Area& area) {
  const double dx = b.first - a.first, dy = b.second - a.second;
  const double steps[] = {-dx, dx, -dy, dy};
  const double distances[] = {a.first - area.left, area.right - a.first,
                              a.second - area.top, area.bottom - a.second};
  double enter = 0, leave = 1;
  for (std::size_t i = 0; i < 4; ++i) {
    if (steps[i] == 0 && distances[i] < 0) return std::nullopt;
    if (steps[i] < 0) enter = std::max(enter, distances[i] / steps[i]);
    if (steps[i] > 0) leave = std::min(leave, distances[i] / steps[i]);
  }
  if (enter > leave) return std::nullopt;
  const auto at = [&](double share) {
    return Point{a.first + share * dx, a.second + share * dy};
  };
  return std::pair{enter == 0 ? a : at(enter), leave == 1 ? b : at(leave)};
}

// The pieces of a run inside the area. A run of one point is one piece of
// one point.
std::vector<Points> clipped(const Points& run, const Area& area) {
  std::vector<Points> pieces;
  bool connected = false;
  const std::size_t segments = std::max<std::size_t>(run.size() - 1, 1);
  for (std::size_t i = 0; i < segments; ++i) {
    const Point& next = run[std::min(i + 1, run.size() - 1)];
    const auto segment = clipped(run[i], next, area);
    if (segment && !connected) pieces.push_back({segment->first});
    if (segment && segment->second != pieces.back().back()) {
      pieces.back().push_back(segment->second);
    }
    connected = segment && segment->second == next;
  }
  return pieces;
}

// ----- the labels at the lines' ends -----

constexpr double label_gap = 20;  // between the plot and the end labels

// A text in the right margin with the place it belongs to.
struct EndLabel {
  std::string text;
  std::string text_style, leader_style;
  double y = 0;
  std::optional<Point> end = {};  // of the line; none for points
  // For a line that falls towards its end: how many pixels to the left of
  // the end the text is clear of a steep line, and how many pixels the line
  // falls for each pixel to the right.
  double aside = 0, fall = 0;
  int mark = -1;  // the series whose mark stands before the text
};

// Labels that would overlap form a block around their mean place.
struct Block {
  double middle = 0, count = 0;  // pixels; labels

  double top() const { return middle - count * line_height / 2; }
  double bottom() const { return middle + count * line_height / 2; }
};

// Moves labels apart, as little as possible, so that none covers another
// and none leaves the space between top and bottom.
void spread(std::vector<EndLabel>& labels, double top, double bottom) {
  std::stable_sort(
      labels.begin(), labels.end(),
      [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
  const auto kept_inside = [&](Block block) {
    block.middle += std::min(bottom - block.bottom(), 0.0);
    block.middle += std::max(top - block.top(), 0.0);
    return block;
  };
  std::vector<Block> blocks;
  for (const EndLabel& label : labels) {
    Block block = kept_inside({label.y, 1});
    while (!blocks.empty() && blocks.back().bottom() > block.top()) {
      const Block& other = blocks.back();
      const double count = other.count + block.count;
      block = kept_inside(
          {(other.middle * other.count + block.middle * block.count) /
               count,
           count});
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  auto label = labels.begin();
  for (const Block& block : blocks) {
    for (double i = 0.5; i < block.count; ++i) {
      (label++)->y = block.top() + i * line_height;
    }
  }
}

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
    // Beside the line, but not across the axis; below its end if the line
    // would otherwise run through the text.
    const double width = widest({label->text}, label_size);
    const bool below = label->aside == 0 && label->fall * width > 6 &&
                       label->end->second + 20 < area.bottom;
    const double end =
        std::max(label->end->first - (below ? 4 : label->aside),
                 area.left + 4 + width);
    drawing.text(end, label->end->second + (below ? 17 : -7), label->text,
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

std::string label_of(const LinePlot& plot, const Series& series) {
  const bool nothing = runs_of(plot, series).empty();
  return series.label +
         (nothing && !series.label.empty() ? " (no values)" : "");
}

// ----- one series -----

// Draws lines; returns where the last one ends, if any is inside the area.
std::optional<Point> draw_lines(Drawing& drawing, const Area& area,
                                const std::vector<Points>& runs,
                                const std::string& style,
                                const std::string& fill) {
  std::optional<Point> end;
  for (const Points& run : runs) {
    for (const Points& piece : clipped(run, area)) {
      end = piece.back();
      if (piece.size() > 1) {
        drawing.polyline(piece, style);
      } else {
        drawing.circle(end->first, end->second, 3, fill);
      }
    }
  }
  return end;
}

Points inside(const Area& area, const std::vector<Points>& runs) {
  Points points;
  for (const Points& run : runs) {
    for (const Point& point : run) {
      if (clipped(point, point, area)) points.push_back(point);
    }
  }
  return points;
}

// The points inside the area, as marks.
void draw_points(Drawing& drawing, const Area& area,
                 const std::vector<Points>& runs, int series) {
  drawing.marks(inside(area, runs), series);
}

void draw_discs(Drawing& drawing, const Area& area,
                const std::vector<Points>& runs, const std::string& style) {
  for (const auto& [x, y] : inside(area, runs)) {
    drawing.circle(x, y, 3.4, style);
  }
}

// Draws bars from y - error to y + error, as far as they lie inside the
// area.
void draw_errors(Drawing& drawing, const Area& area, const LinePlot& plot,
                 const Series& series, const Axis& x, const Axis& y,
                 const std::string& style) {
  for (std::size_t i = 0; i < series.errors.size(); ++i) {
    const double error = series.errors[i], middle = series.y[i];
    if (error == 0 || !is_drawable(series.x[i], plot.log_x) ||
        !is_drawable(middle, plot.log_y))
      continue;
    // On a logarithmic axis a bar may reach below all that can be drawn.
    const bool open = !is_drawable(middle - error, plot.log_y);
    const double at = x.pixel(series.x[i]);
    const Point top{at, y.pixel(middle + error)};
    const Point bottom{at, open ? area.bottom : y.pixel(middle - error)};
    if (const auto bar = clipped(bottom, top, area)) {
      drawing.line(at, bar->first.second, at, bar->second.second,
                   style + " error");
    }
  }
}

// How many pixels a line falls for each pixel to the right just before its
// end; 0 if it does not fall there.
double fall_of(const Points& line) {
  if (line.size() < 2) return 0;
  const Point &end = line.back(), &before = line[line.size() - 2];
  // In this order, so that NaN, of two points in one place, becomes 0.
  return std::max(
      0.0, (end.second - before.second) / (end.first - before.first));
}

// Draws one series; returns its label.
EndLabel draw_series(Drawing& drawing, const Area& area,
                     const LinePlot& plot, const Axis& x, const Axis& y,
                     std::size_t index) {
  const Series& series = plot.series[index];
  const int colour =
      static_cast<int>(series.like.value_or(index) % palette_size);
  const std::string style = "series-" + std::to_string(colour);
  std::vector<Points> runs = runs_of(plot, series);
  for (Points& run : runs) {
    for (Point& point : run) {
      point = {x.pixel(point.first), y.pixel(point.second)};
    }
  }
  EndLabel label{label_of(plot, series), "label " + style, style,
                 area.bottom};
  if (series.reference)
    label.text_style = "label", label.leader_style = "axis";
  draw_errors(drawing, area, plot, series, x, y, style);
  if (series.points) {
    if (series.like)
      draw_discs(drawing, area, runs, "fill-" + std::to_string(colour));
    else
      draw_points(drawing, area, runs, colour);
    // Points have no end, so their labels stand in the order of the series.
    label.y = area.top + line_height * static_cast<double>(index);
    label.mark = colour;
  } else if (!runs.empty()) {
    label.end =
        draw_lines(drawing, area, runs, series.reference ? "dotted" : style,
                   "fill-" + std::to_string(colour));
    label.y = std::clamp(label.end.value_or(runs.back().back()).second,
                         area.top, area.bottom);
    label.fall = fall_of(runs.back());
    if (label.fall > 1.5) label.aside = 4 + 18 / label.fall;
  }
  return label;
}

}  // namespace

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
  const double right = label_width > 0 ? label_gap + label_width : 16;
  const Area area = page.area({y_tick_room(y_axis), 8, right, 24});
  x_axis.start = area.left, x_axis.end = area.right;
  y_axis.start = area.bottom, y_axis.end = area.top;

  Drawing drawing = page.drawing("Line plot");
  draw_y_axis(drawing, area, y_axis);
  draw_x_axis(drawing, area, x_axis);
  drawing.line(area.left, area.bottom, area.right, area.bottom, "axis");
  drawing.line(area.left, area.top, area.left, area.bottom, "axis");
  std::vector<EndLabel> ends;
  if (reference && y_axis.contains(reference->first)) {
    const double at = y_axis.pixel(reference->first);
    drawing.line(area.left, at, area.right, at, "dotted");
    ends.push_back(
        {reference->second, "label", "axis", at, Point{area.right, at}});
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    ends.push_back(draw_series(drawing, area, *this, x_axis, y_axis, i));
    if (ends.back().text.empty()) ends.pop_back();
  }
  draw_end_labels(drawing, page, area, ends);
  page.write(drawing, area);
  return drawing.svg();
}

}  // namespace cnn
