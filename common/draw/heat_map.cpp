#include <algorithm>
#include <array>
#include <cmath>

#include "common/draw/page.hpp"
#include "common/draw/picture.hpp"
#include "common/draw/plot.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {
namespace {

using namespace plots;

// Light to dark in one hue, so that the order survives any kind of colour
// blindness and a black-and-white print.
using Ramp = std::array<Colour, 3>;
constexpr Ramp blue_ramp{{{238, 244, 251}, {74, 144, 200}, {8, 48, 107}}};
constexpr Ramp orange_ramp{{{253, 243, 232}, {232, 133, 58}, {115, 42, 4}}};
constexpr Colour no_number{176, 176, 176};

// share: 0 is the ramp's lightest colour, 1 its darkest.
Colour colour_at(const Ramp& ramp, double share) {
  const std::size_t part = share < 0.5 ? 0 : 1;
  const double t = 2 * share - static_cast<double>(part);
  const Colour &a = ramp[part], &b = ramp[part + 1];
  const auto mixed = [t](std::uint8_t from, std::uint8_t to) {
    return static_cast<std::uint8_t>(std::lround(from + t * (to - from)));
  };
  return {mixed(a.red, b.red), mixed(a.green, b.green),
          mixed(a.blue, b.blue)};
}

std::string hexadecimal(Colour colour) {
  const char* digits = "0123456789abcdef";
  std::string text = "#";
  for (const int level : {colour.red, colour.green, colour.blue}) {
    text += digits[level / 16];
    text += digits[level % 16];
  }
  return text;
}

// Gives every value of a range a colour.
struct ColourScale {
  Ramp ramp = blue_ramp;
  std::string name = {};  // in the legend
  Range range = {};

  Colour operator()(double value) const {
    const double span = range.high - range.low;
    return colour_at(ramp, span > 0 ? (value - range.low) / span : 0.5);
  }
};

void check(const HeatMap& plot) {
  require_rank(plot.values.shape(), 2, "HeatMap", "values");
  const Shape shape{static_cast<int>(plot.row_names.size()),
                    static_cast<int>(plot.column_names.size())};
  if (plot.values.shape() != shape || plot.values.size() == 0) {
    refuse("HeatMap", "expected one name per row and column of values " +
                          to_string(plot.values.shape()) + ", got " +
                          counted_text(plot.row_names.size(), "row name",
                                       "row names") +
                          " and " +
                          counted_text(plot.column_names.size(),
                                       "column name", "column names"));
  }
  if (plot.diagonal_apart && shape[0] != shape[1]) {
    refuse("HeatMap", "a diagonal apart expects a square, got " +
                          to_string(plot.values.shape()));
  }
  require_decimals("HeatMap", plot.decimals);
}

// One scale for all cells, or one for the diagonal and one for the others.
std::vector<ColourScale> scales_of(const HeatMap& plot) {
  std::vector<ColourScale> scales{{}};
  if (plot.diagonal_apart) {
    scales = {{blue_ramp, "on the diagonal"},
              {orange_ramp, "off the diagonal"}};
  }
  for (int row = 0; row < plot.values.extent(0); ++row) {
    for (int column = 0; column < plot.values.extent(1); ++column) {
      const double value = plot.values(row, column);
      if (!is_drawable(value)) continue;
      (row == column ? scales.front() : scales.back()).range.include(value);
    }
  }
  for (ColourScale& scale : scales) {
    if (scale.range.empty()) scale.range = {0, 0};
    // A scale begins at 0 or below, because counts are compared with 0.
    scale.range.low = std::min(scale.range.low, 0.0);
  }
  return scales;
}

// The text in a cell; empty for a zero.
std::string cell_text(const HeatMap& plot, double value) {
  if (!is_drawable(value) && !plot.missing.empty()) return plot.missing;
  return value == 0 ? "" : with_decimals(value, plot.decimals);
}

bool numbers_fit(const HeatMap& plot, double width, double height) {
  Strings texts;
  for (const float value : plot.values.data()) {
    texts.push_back(cell_text(plot, value));
  }
  return widest(texts, small_size) <= width - 2 && height >= small_size + 2;
}

void draw_cells(Drawing& drawing, const HeatMap& plot, const Area& area,
                const std::vector<ColourScale>& scales) {
  const double width = area.width() / plot.values.extent(1);
  const double height = area.height() / plot.values.extent(0);
  const bool numbers = numbers_fit(plot, width, height);
  for (int row = 0; row < plot.values.extent(0); ++row) {
    for (int column = 0; column < plot.values.extent(1); ++column) {
      const double value = plot.values(row, column);
      const ColourScale& scale =
          row == column ? scales.front() : scales.back();
      const Colour colour = is_drawable(value) ? scale(value) : no_number;
      const double x = area.left + column * width;
      const double y = area.top + row * height;
      drawing.filled(x + 0.5, y + 0.5, width - 1, height - 1,
                     hexadecimal(colour));
      const std::string text = cell_text(plot, value);
      if (numbers && !text.empty()) {
        const bool dark = text_colour_on(colour) == colours::paper;
        drawing.text(x + width / 2, y + height / 2 + half_digit, text,
                     dark ? "small on-dark" : "small on-light", "middle");
      }
    }
  }
}

constexpr double strip_steps = 12, strip_step = 8, strip_gap = 8;
constexpr double scale_row = 24;

// Draws a scale from left to right: its name, its lowest number, a strip of
// its colours, its highest number. Returns its length.
double draw_scale(Drawing& drawing, const ColourScale& scale, int decimals,
                  double left, double y) {
  double x = left;
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
  return x - strip_gap - left;
}

// Where the scales stand above the cells.
std::vector<Place> scale_places(const HeatMap& plot,
                                const std::vector<ColourScale>& scales) {
  std::vector<double> lengths;
  for (const ColourScale& scale : scales) {
    Drawing nowhere(1, 1, "measures a scale");
    lengths.push_back(draw_scale(nowhere, scale, plot.decimals, 0, 0));
  }
  return in_rows(lengths, 2 * edge, scale_row, plot.width);
}

}  // namespace

std::string HeatMap::svg() const {
  check(*this);
  Page page{"HeatMap", width, height, title, x_label, y_label};
  const auto not_finite =
      std::count_if(values.data().begin(), values.data().end(),
                    [](float value) { return !is_drawable(value); });
  if (not_finite > 0 && missing.empty()) {
    page.notes.push_back(counted_text(not_finite,
                                      "value is not a finite number",
                                      "values are not finite numbers") +
                         ": a grey cell.");
  }
  const std::vector<ColourScale> scales = scales_of(*this);
  const std::vector<Place> places = scale_places(*this, scales);
  const double scale_room = 6 + scale_row + places.back().y;
  Room room{widest(row_names, small_size) + 10, 8, 0, 0};
  const double slot = page.area(room).width() / values.extent(1);
  const NameRow row("HeatMap", column_names, slot);
  room.top += scale_room;
  room.bottom = row.room;
  const Area area = page.area(room);

  Drawing drawing = page.drawing("Heat map");
  for (std::size_t i = 0; i < scales.size(); ++i) {
    draw_scale(drawing, scales[i], decimals, places[i].x,
               area.top - scale_room + places[i].y);
  }
  draw_cells(drawing, *this, area, scales);
  const double cell = area.height() / values.extent(0);
  for (std::size_t i = 0; i < row_names.size(); ++i) {
    const double y = area.top + cell * (static_cast<double>(i) + 0.5);
    drawing.text(area.left - 8, y + half_digit, row_names[i], "small",
                 "end");
  }
  row.draw(drawing, area);
  page.write(drawing, area);
  return drawing.svg();
}

}  // namespace cnn
