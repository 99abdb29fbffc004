// The figures of the chapter's second half: remedies, and more digits.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "12-generalization/dropped_cells.hpp"
#include "12-generalization/more_data.hpp"
#include "common/draw/axis.hpp"
#include "common/draw/plot.hpp"
#include "common/draw/svg.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- Dropout -----------------------------------------------------------

// Four cells and the sums that they go into, three times. A cell that is
// dropped is crossed out and has lost its wires.
class DropoutDrawing {
 public:
  explicit DropoutDrawing(const DroppedCells& it) {
    draw_.text(360, 26, "Each step drops different cells", "title",
               "middle");
    panel(0, "one step", it.cells, it.first_step);
    panel(1, "the next step", it.cells, it.second_step);
    panel(2, "when the network answers", it.cells, it.answering);
  }
  std::string svg() const { return draw_.svg(); }

 private:
  static constexpr double radius = 19, top = 76, pitch = 52;
  static constexpr int sum_count = 3;

  void panel(int number, const std::string& name, const Tensor<>& cells,
             const Tensor<>& after) {
    const double x = 62 + 240 * number, sums = x + 120;
    const int count = cells.extent(1);
    const auto cell_y = [](int cell) { return top + pitch * cell; };
    const auto sum_y = [](int sum) { return top + pitch * (sum + 0.5); };
    for (int cell = 0; cell < count; ++cell) {
      if (after(0, cell) == 0) continue;
      for (int sum = 0; sum < sum_count; ++sum)
        draw_.line(x + radius, cell_y(cell), sums - radius, sum_y(sum),
                   "leader series-0");
    }
    for (int cell = 0; cell < count; ++cell) {
      const float before = cells(0, cell), now = after(0, cell);
      const double y = cell_y(cell), arm = 0.7 * radius;
      draw_.circle(x, y, radius, now == 0 ? "grid" : "series-0");
      if (now == 0) {
        draw_.line(x - arm, y - arm, x + arm, y + arm, "series-1 leader");
        draw_.line(x - arm, y + arm, x + arm, y - arm, "series-1 leader");
      } else {
        draw_.text(x, y + 5, format("%g", static_cast<double>(now)),
                   "label", "middle");
      }
      draw_.text(x - radius - 8, y + 4,
                 format("%g", static_cast<double>(before)), "small", "end");
    }
    for (int sum = 0; sum < sum_count; ++sum)
      draw_.circle(sums, sum_y(sum), radius, "axis");
    draw_.text(x + 50, top + pitch * count + 8, name, "label", "middle");
  }

  Drawing draw_{
      720, 310,
      "Four cells, with dropout and without\nThree drawings of four cells "
      "that hold 2, 4, 6 and 8 and lead to three sums. In the first, two "
      "cells are crossed out and lead nowhere, and the others hold twice "
      "their number. In the second, other cells are. In the third, all "
      "four hold what they held."};
};

// ---- Dots --------------------------------------------------------------

// A row of dots under one name, with a value from each run.
struct DotRow {
  std::string name;
  std::vector<double> values;
};

// One axis, and the rows of dots above it.
struct DotPanel {
  std::string axis;  // with its unit
  std::vector<DotRow> rows;
};

// Panels side by side whose rows have the same names. Each run is a ring,
// and a line marks their mean. Where two rows lie apart, their difference
// is hardly chance.
// Throws std::invalid_argument without rows, or if the names differ.
inline std::string dot_figure(const std::string& title,
                              const std::vector<DotPanel>& panels) {
  const std::size_t count = panels.empty() ? 0 : panels[0].rows.size();
  for (const DotPanel& panel : panels)
    for (std::size_t i = 0; i < panel.rows.size(); ++i)
      if (panel.rows.size() != count ||
          panel.rows[i].name != panels[0].rows[i].name)
        fail(Refusal::argument, "dot_figure: expected the same rows");
  if (count == 0)
    fail(Refusal::argument, "dot_figure: expected rows, got none");
  const double top = 46, row_height = 24, left = 206, gap = 34;
  const int width = 760;
  const double bottom = top + row_height * static_cast<double>(count);
  const auto panel_count = static_cast<double>(panels.size());
  const double panel_width =
      (width - 22 - left - gap * (panel_count - 1)) / panel_count;
  Drawing draw(width, static_cast<int>(bottom) + 54, title);
  draw.text(16, 24, title, "title");
  for (std::size_t i = 0; i < count; ++i)
    draw.text(left - 12,
              top + row_height * (static_cast<double>(i) + 0.5) + 4,
              panels[0].rows[i].name, "label", "end");
  double begin = left;
  for (const DotPanel& panel : panels) {
    plots::Range data;
    for (const DotRow& row : panel.rows)
      for (const double value : row.values) data.include(value);
    const plots::Axis axis{plots::range_of(data, {}, false, true), false,
                           false, begin, begin + panel_width};
    const auto ticks = axis.ticks(5);
    const auto texts = plots::tick_texts(ticks);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      const double x = axis.pixel(ticks[i]);
      draw.line(x, top, x, bottom, "grid");
      draw.text(x, bottom + 18, texts[i], "small", "middle");
    }
    draw.line(begin, bottom, begin + panel_width, bottom, "axis");
    draw.text(begin + panel_width / 2, bottom + 40, panel.axis, "label",
              "middle");
    for (std::size_t i = 0; i < count; ++i) {
      const double y = top + row_height * (static_cast<double>(i) + 0.5);
      const auto& values = panel.rows[i].values;
      for (const double value : values)
        draw.circle(axis.pixel(value), y, 4.5, "series-0");
      if (values.size() < 2) continue;
      const double mean = axis.pixel(seed_mean(values).mean);
      draw.line(mean, y - 9, mean, y + 9, "series-1");
    }
    begin += panel_width + gap;
  }
  return draw.svg();
}

// ---- More digits -------------------------------------------------------

// Mistakes against digits, both axes logarithmic, with the means' standard
// errors, and the power law that the first curve follows.
inline std::string more_data_figure(const std::vector<DataCurve>& curves,
                                    const PowerLaw& law) {
  LinePlot plot;
  plot.title = "More digits, fewer mistakes";
  plot.x_label = "digits to learn from";
  plot.y_label = "misread test digits (%)";
  plot.log_x = plot.log_y = true;
  plot.width = 740;
  for (const DataCurve& curve : curves) {
    Series line{curve.name, curve.places(), {}};
    for (const auto& seeds : curve.misread) {
      const SeedMean it = seed_mean(seeds);
      line.y.push_back(100 * it.mean);
      line.errors.push_back(100 * it.error);
    }
    plot.series.push_back(line);
  }
  Series line{"power law", {}, {}};
  for (const double digits : curves.at(0).places()) {
    line.x.push_back(digits);
    line.y.push_back(100 * law.at(digits));
  }
  plot.series.push_back(line);
  return plot.svg();
}

}  // namespace cnn
