// Draws chapter 13's figures.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "10-initialization/figures.hpp"
#include "11-optimizers/figures.hpp"
#include "13-normalization/asked_in_batches.hpp"
#include "13-normalization/four_numbers.hpp"
#include "13-normalization/other_axes.hpp"
#include "13-normalization/weight_scale.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/draw/svg.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- graph.svg ---------------------------------------------------------

namespace norm_graph {

// "−1.34, −0.45, 0.45, 1.34", with the minus sign instead of a hyphen.
inline std::string list_text(const std::vector<double>& numbers,
                             int decimals) {
  std::string text;
  for (const double number : numbers) {
    std::string one = format("%.*f", decimals, std::abs(number));
    const bool zero = one.find_first_not_of("0.") == std::string::npos;
    if (number < 0 && !zero) one = "−" + one;
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

// An arrowhead at the end of a line from (x1, y1) to (x2, y2), which runs
// along an axis.
inline void head(Drawing& drawing, double x1, double y1, double x2,
                 double y2, const std::string& style) {
  const double dx = x2 > x1   ? 7
                    : x2 < x1 ? -7
                              : 0,
               dy = y2 > y1   ? 7
                    : y2 < y1 ? -7
                              : 0;
  drawing.polyline({{x2 - dx - dy * 5 / 7, y2 - dy - dx * 5 / 7},
                    {x2, y2},
                    {x2 - dx + dy * 5 / 7, y2 - dy + dx * 5 / 7}},
                   style);
}

using Points = std::vector<std::pair<double, double>>;
// Draws two lines with an arrowhead at the end of each: one for the value,
// and one for the gradient, which runs the other way.
inline void path(Drawing& drawing, const Points& value,
                 const Points& gradient) {
  for (const bool backward : {false, true}) {
    const Points& points = backward ? gradient : value;
    const char* style = backward ? "series-1" : "series-0";
    drawing.polyline(points, style);
    const auto [x1, y1] = points[points.size() - 2];
    head(drawing, x1, y1, points.back().first, points.back().second, style);
  }
}

// The same, straight from (x1, y1) to (x2, y2) and back, along an axis.
inline void arrow(Drawing& drawing, double x1, double y1, double x2,
                  double y2) {
  const double dx = y1 == y2 ? 0 : 5, dy = y1 == y2 ? 5 : 0;
  path(drawing, {{x1 - dx, y1 - dy}, {x2 - dx, y2 - dy}},
       {{x2 + dx, y2 + dy}, {x1 + dx, y1 + dy}});
}

inline void box(Drawing& drawing, double x, double y,
                const std::string& name) {
  const double width = std::max(46.0, text_width(name, 16) + 12);
  drawing.rectangle(x - width / 2, y - 20, width, 40, "paper axis");
  drawing.text(x, y + 6, name, "title", "middle");
}

}  // namespace norm_graph

inline std::string norm_graph_figure(const NormGraph& it) {
  using norm_graph::arrow;
  using norm_graph::box;
  using norm_graph::list_text;
  Drawing drawing(
      860, 340,
      "Four numbers are standardized\n"
      "Mean, difference, variance and quotient as a graph. Above "
      "each arrow the values, below it the gradients.");
  const auto wire = [&](double left, double right, double y,
                        const std::string& name,
                        const std::vector<double>& values,
                        const std::vector<double>& gradients,
                        int decimals) {
    arrow(drawing, left, y, right, y);
    const double middle = (left + right) / 2;
    drawing.text(middle, y - 13, name + ": " + list_text(values, decimals),
                 "label series-0", "middle");
    drawing.text(middle, y + 25, list_text(gradients, 2), "label series-1",
                 "middle");
  };
  drawing.text(430, 28, "x̂ = (x − μ) r with r = 1 / √(v + ε)", "title",
               "middle");
  constexpr double high = 80, low = 220;
  wire(16, 226, high, "x", it.x, it.grad_x, 0);
  box(drawing, 252, high, "−");
  wire(278, 532, high, "d", it.d, it.grad_d, 1);
  box(drawing, 558, high, "×");
  wire(584, 846, high, "x̂", it.x_hat, it.grad_x_hat, 2);
  // From x down to the mean, and up to the subtraction.
  arrow(drawing, 30, high + 5, 30, low - 20);
  box(drawing, 48, low, "mean");
  norm_graph::path(drawing,
                   {{82, low - 5}, {247, low - 5}, {247, high + 20}},
                   {{257, high + 20}, {257, low + 5}, {82, low + 5}});
  drawing.text(164, low - 13, "μ: " + list_text({it.mean}, 2),
               "label series-0", "middle");
  drawing.text(164, low + 25, list_text({it.grad_mean}, 2),
               "label series-1", "middle");
  // From the differences to the variance, and on to 1 / sigma.
  arrow(drawing, 300, high + 5, 300, low - 20);
  box(drawing, 346, low, "mean of d²");
  arrow(drawing, 408, low, 498, low);
  drawing.text(453, low - 13, "v: " + list_text({it.variance}, 2),
               "label series-0", "middle");
  drawing.text(453, low + 25, list_text({it.grad_variance}, 2),
               "label series-1", "middle");
  box(drawing, 558, low, "1 / √(v + ε)");
  arrow(drawing, 558, low - 20, 558, high + 20);
  drawing.text(574, (high + low) / 2, "r: " + list_text({it.r}, 2),
               "label series-0");
  drawing.text(574, (high + low) / 2 + 20, list_text({it.grad_r}, 2),
               "label series-1");
  drawing.text(430, 292,
               "→ the value, computed along the arrows: μ is subtracted, r "
               "multiplies",
               "label series-0", "middle");
  drawing.text(430, 316,
               "← the gradient, against the arrows; where two meet, they "
               "are added",
               "label series-1", "middle");
  return drawing.svg();
}

// ---- company-film.png, company-strip.png -------------------------------

// A bar for each probability in `shares`, and across it a line at the
// height of the one in `alone`. `bar` and `height` are in pixels.
inline Picture probability_bars(const std::vector<float>& shares,
                                const std::vector<float>& alone, int label,
                                int bar, int height) {
  Picture picture = share_bars(shares, label, bar, height);
  for (std::size_t k = 0; k < alone.size(); ++k) {
    const auto tall = static_cast<int>(
        std::lround(static_cast<double>(alone[k]) * (height - 2)));
    picture.fill_rectangle(static_cast<int>(k) * bar, height - tall - 1,
                           bar, 2, colours::ink);
  }
  return picture;
}

// The images with the numbers `others`, in two rows.
inline Picture company_tile(const Dataset& data,
                            const std::vector<int>& others, int scale) {
  const int side = 28 * scale + 4;
  const int columns = (static_cast<int>(others.size()) + 1) / 2;
  Picture picture(columns * side, 2 * side);
  for (std::size_t i = 0; i < others.size(); ++i) {
    const int k = static_cast<int>(i);
    picture.paste(grey_tile(picture_of(data.images, others[i]), scale),
                  k % columns * side, k / columns * side);
  }
  return picture;
}

inline Picture company_frame(const Dataset& data, const OneDigit& it,
                             const BatchCompany& batch) {
  const int label = data.labels[static_cast<std::size_t>(it.image)];
  return Sheet("One digit, asked together with " +
               std::to_string(batch.others.size()) + " others")
      .add(grey_tile(picture_of(data.images, it.image), 6),
           "always this one")
      .add(company_tile(data, batch.others, 3), "its batch")
      .add(probability_bars(batch.probabilities, it.alone, label, 26, 180),
           "its probabilities (line: alone)")
      .picture();
}

inline Picture company_strip(const Dataset& data, const OneDigit& it) {
  const int label = data.labels[static_cast<std::size_t>(it.image)];
  Sheet sheet("The same digit in " + std::to_string(it.batches.size()) +
              " batches");
  for (std::size_t b = 0; b < it.batches.size(); ++b) {
    if (b % 4 == 0) sheet.row();
    Picture both(208, 178);
    both.paste(grey_tile(picture_of(data.images, it.image), 2), 0, 0);
    both.paste(company_tile(data, it.batches[b].others, 1), 70, 0);
    both.paste(probability_bars(it.batches[b].probabilities, it.alone,
                                label, 20, 88),
               0, 66);
    sheet.add(both, format("batch %d", static_cast<int>(b) + 1));
  }
  return sheet.picture();
}

// ---- story.png ---------------------------------------------------------

// One digit in training mode: by itself, in the worst of its mixed batches,
// and in the worst of the batches with others of its own class.
inline Picture company_story(const Dataset& data,
                             const std::vector<float>& by_itself,
                             const OneDigit& mixed, const OneDigit& alike,
                             int label) {
  Sheet sheet("One digit in training mode, in its worst company");
  const auto row = [&](const std::string& name,
                       const std::vector<int>& others,
                       const std::vector<float>& shares) {
    const float share = shares.at(static_cast<std::size_t>(label));
    sheet.row(name);
    sheet.add(grey_tile(picture_of(data.images, mixed.image), 3));
    sheet.add(
        probability_bars(shares, mixed.alone, label, 20, 90),
        format("%d: %.2f %%", label, 100 * static_cast<double>(share)));
    if (!others.empty()) sheet.add(company_tile(data, others, 2));
  };
  row("by itself", {}, by_itself);
  for (const OneDigit* it : {&mixed, &alike}) {
    const BatchCompany& worst = worst_company(*it, label);
    row(it == &mixed ? "among others" : "among its own", worst.others,
        worst.probabilities);
  }
  return sheet.picture();
}

// ---- effective-rate.svg ------------------------------------------------

inline std::string effective_rate_figure(
    const std::vector<double>& scales,
    const std::vector<WeightGrowth>& all) {
  LinePlot plot;
  plot.title = "The rate stays, the effective rate falls";
  plot.x_label = "step";
  plot.y_label = "rate / squared length";
  plot.log_y = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Series line{"start x " + tick_text(scales[i]), {}, {}};
    for (std::size_t k = 0; k < all[i].rates.size(); k += k < 5 ? 1 : 5) {
      line.x.push_back(static_cast<double>(k));
      line.y.push_back(all[i].rates[k]);
    }
    plot.series.push_back(line);
  }
  return plot.svg();
}

// ---- axes.png ----------------------------------------------------------

// All maps, a row for each image and a column for each channel. Maps that
// share a mean have one frame, and the first of these frames is thick.
inline Picture axes_tile(const NormalizedMaps& it, int scale) {
  const int N = it.maps.extent(0), C = it.maps.extent(1);
  const int gap = 8, side = it.maps.extent(2) * scale + gap;
  Picture picture(C * side + gap, N * side + gap);
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c)
      picture.paste(
          diverging_tile(channel(item(it.maps, n), c), scale, 2.5f),
          c * side + gap, n * side + gap);
  if (it.images == 1 && it.channels == 1) return picture;
  const auto frame = [&](int n, int c, Colour colour, int thickness) {
    picture.outline_rectangle(
        c * side + 2, n * side + 2, it.channels * side + gap - 4,
        it.images * side + gap - 4, colour, thickness);
  };
  for (int n = 0; n < N; n += it.images)
    for (int c = 0; c < C; c += it.channels) frame(n, c, colours::ink, 2);
  frame(0, 0, colours::vermilion, 5);
  return picture;
}

inline Picture axes_figure(const std::vector<NormalizedMaps>& all) {
  Sheet sheet("Rows: four digits. Columns: eight channels.");
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0 && i % 2 == 0) sheet.row();
    sheet.add(axes_tile(all[i], 2), all[i].name);
  }
  sheet.footer(diverging_scale(2.5f, 500));
  return sheet.picture();
}

// Accuracy against the rate. The error bars leave no room for a name where
// the first line ends, so a dot is put there, and the name at the right.
inline std::string probe_figure(const std::vector<RateCurve>& curves) {
  LinePlot plot = rate_plot_of("Batch norm, and the same without a batch",
                               "learning rate", curves,
                               std::vector<double>(curves.size(), 1.0));
  Series& first = plot.series.at(0);
  Series end{first.label, {first.x.back()}, {first.y.back()}, true, {}, 0};
  first.label.clear();
  plot.series.push_back(std::move(end));
  return plot.svg();
}

}  // namespace cnn
