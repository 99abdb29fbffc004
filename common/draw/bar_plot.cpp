#include <algorithm>

#include "common/draw/page.hpp"
#include "common/draw/plot.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

using namespace plots;

void check(const BarPlot& plot) {
  if (plot.names.empty() || plot.bars.empty()) {
    refuse(
        "BarPlot",
        "expected names and bars, got " +
            counted_text(plot.names.size(), "name", "names") + " and " +
            counted_text(plot.bars.size(), "set of bars", "sets of bars"));
  }
  for (const BarPlot::Bars& bars : plot.bars) {
    if (bars.values.size() != plot.names.size()) {
      refuse("BarPlot",
             "bars \"" + bars.label + "\" expect " +
                 counted_text(plot.names.size(), "value", "values") +
                 ", one per name, got " +
                 std::to_string(bars.values.size()));
    }
  }
  require_limits("BarPlot", "y", {plot.y_min, plot.y_max});
  require_decimals("BarPlot", plot.decimals);
}

// The axis, with room for the values that are written beyond the bars'
// ends. text_share: this room, as a share of the data's range.
Axis bar_axis(const BarPlot& plot, double text_share) {
  Range data;
  for (const BarPlot::Bars& bars : plot.bars) {
    for (const double value : bars.values) {
      if (is_drawable(value)) data.include(value);
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
      if (!is_drawable(value)) {
        ++not_finite;
      } else if (!y.contains(value)) {
        ++outside;
      }
    }
  }
  Strings notes;
  if (not_finite > 0) notes.push_back(not_finite_note(not_finite));
  if (outside > 0) {
    notes.push_back(counted_text(outside, "bar does", "bars do") +
                    " not end on the axis; the number on it is right.");
  }
  return notes;
}

// Draws a bar's area and, for all series but the first, a pattern on it, so
// that colour is not the only thing that tells them apart.
void draw_bar(Drawing& drawing, const Area& bar, std::size_t series) {
  const std::string index = std::to_string(series % palette_size);
  drawing.rectangle(bar.left, bar.top, bar.width(), bar.height(),
                    "fill-" + index);
  if (series % palette_size > 0) {
    drawing.rectangle(bar.left, bar.top, bar.width(), bar.height(),
                      "hatch-" + index);
  }
}

constexpr double swatch = 14, swatch_gap = 6;

// Where the legend's entries stand; none if there is one set of bars.
std::vector<Place> legend_places(const BarPlot& plot) {
  std::vector<double> lengths;
  for (const BarPlot::Bars& bars : plot.bars) {
    lengths.push_back(swatch + swatch_gap +
                      text_width(bars.label, label_size));
  }
  if (lengths.size() < 2) lengths.clear();
  return in_rows(lengths, 18, 22, plot.width);
}

void draw_legend(Drawing& drawing, const BarPlot& plot, double top) {
  const std::vector<Place> places = legend_places(plot);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double x = places[i].x, y = top + places[i].y;
    draw_bar(drawing, {x, y, x + swatch, y + swatch}, i);
    drawing.text(x + swatch + swatch_gap, y + swatch / 2 + half_digit,
                 plot.bars[i].label, "label");
  }
}

// Where the bars stand, and how their values are written.
struct BarLayout {
  double slot = 0, bar = 0;  // the width of a group and of a bar, pixels
  double text_width = 0;     // of the longest value
  bool upwards = false;      // whether values are turned, to fit on bars

  BarLayout(const BarPlot& plot, double width) {
    slot = width / static_cast<double>(plot.names.size());
    // A fifth of a group is free, so that groups stand apart.
    bar =
        std::min(0.8 * slot / static_cast<double>(plot.bars.size()), 90.0);
    Strings texts;
    for (const BarPlot::Bars& bars : plot.bars) {
      for (const double value : bars.values) {
        texts.push_back(with_decimals(value, plot.decimals));
      }
    }
    text_width = widest(texts, small_size);
    upwards = text_width > bar - 2;
    if (bar < small_size) {
      refuse("BarPlot", "bars of " + fixed_text(bar, 1) +
                            " pixels have no room for their values; make "
                            "the plot wider");
    }
  }
};

// Draws one bar from the base line to its value, cut at the plot's edges,
// and writes the value beyond its end.
void draw_value(Drawing& drawing, const BarPlot& plot, const Axis& y,
                const BarLayout& layout, double left, double value,
                std::size_t series) {
  const bool drawn = is_drawable(value);
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
               const Axis& y) {
  const BarLayout layout(plot, area.width());
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

}  // namespace

std::string BarPlot::svg() const {
  check(*this);
  // The width of the bars decides how their values are written, and so how
  // high the axis must reach. That decides how wide its numbers are, and so
  // the width of the bars. A guess of 60 pixels for the numbers breaks the
  // circle.
  const BarLayout guess(*this, width - 2 * edge - 60);
  const double text_height = guess.upwards ? guess.text_width + 8 : 20;
  Axis y = bar_axis(*this, text_height / (height * 0.6));
  const Page page{"BarPlot",         width, height, title, x_label, y_label,
                  notes_of(*this, y)};
  const std::vector<Place> legend = legend_places(*this);
  Room room{y_tick_room(y), 8, 0, 0};
  if (!legend.empty()) room.top += legend.back().y + 26;
  const double legend_top = page.area(room).top - room.top + 8;
  if (y_max) room.top += text_height;
  const double slot =
      page.area(room).width() / static_cast<double>(names.size());
  const NameRow row("BarPlot", names, slot);
  room.bottom = row.room + (y_min && *y_min < 0 ? text_height : 0);
  const Area area = page.area(room);
  y.start = area.bottom, y.end = area.top;

  Drawing drawing = page.drawing("Bar plot");
  draw_y_axis(drawing, area, y);
  draw_bars(drawing, *this, area, y);
  const double base = y.pixel(std::clamp(0.0, y.range.low, y.range.high));
  drawing.line(area.left, base, area.right, base, "axis");
  draw_legend(drawing, *this, legend_top);
  row.draw(drawing, area);
  page.write(drawing, area);
  return drawing.svg();
}

}  // namespace cnn
