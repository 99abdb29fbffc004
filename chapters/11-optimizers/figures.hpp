// Draws chapter 11's figures.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "11-optimizers/by_hand.hpp"
#include "11-optimizers/followed_digit.hpp"
#include "11-optimizers/predictor.hpp"
#include "11-optimizers/rate_curves.hpp"
#include "11-optimizers/valley.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- The valley --------------------------------------------------------

// A ball's name, its colour, and its places after 0, 1, ... steps.
struct Ball {
  std::string name;
  Colour colour;
  std::vector<ValleyPlace> path;
};

// In pixels: the size of a tile, the distance of the valley's bottom from
// the tile's left edge, and the length of 1 along and across the valley.
inline constexpr int valley_width = 440, valley_height = 200;
inline constexpr double valley_left = 60, unit_along = 350,
                        unit_across = 100;

inline int valley_x(const ValleyPlace& place) {
  return static_cast<int>(
      std::lround(valley_left + unit_along * place.along));
}
inline int valley_y(const ValleyPlace& place) {
  return static_cast<int>(
      std::lround(valley_height / 2.0 - unit_across * place.across));
}

// The valley from above, darker where the loss is larger.
inline Picture valley_floor(double kappa) {
  Picture floor(valley_width, valley_height);
  for (int y = 0; y < valley_height; ++y)
    for (int x = 0; x < valley_width; ++x) {
      const ValleyPlace place{(x - valley_left) / unit_along,
                              (valley_height / 2.0 - y) / unit_across};
      int band = 0;  // two bands for each decade of the loss above 1e-4
      for (double limit = 1e-4;
           band < 11 && limit < valley_loss(place, kappa);
           limit *= 3.1622776601683795)
        ++band;
      const int grey = 255 - 9 * band;
      const auto shade = static_cast<std::uint8_t>(grey);
      floor.at(x, y) = {shade, shade, shade};
    }
  return floor;
}

// Draws a ball on the floor where it is after `step` steps, with the last
// `tail` steps of its path as a tail.
inline Picture valley_tile(const Picture& floor, const Ball& ball,
                           std::size_t step, std::size_t tail) {
  Picture tile = floor;
  tile.fill_rectangle(valley_x({0, 0}) - 1, valley_y({0, 0}) - 5, 2, 10,
                      colours::ink);
  tile.fill_rectangle(valley_x({0, 0}) - 5, valley_y({0, 0}) - 1, 10, 2,
                      colours::ink);
  const std::size_t last = std::min(step, ball.path.size() - 1);
  const std::size_t begin = last > tail ? last - tail : 0;
  for (std::size_t i = begin; i <= last; ++i) {
    const ValleyPlace& to = ball.path[i];
    const ValleyPlace& from = ball.path[i > begin ? i - 1 : i];
    const int parts =  // a dot for each pixel, however long the step
        std::max({1, std::abs(valley_x(to) - valley_x(from)),
                  std::abs(valley_y(to) - valley_y(from))});
    for (int part = 0; part <= parts; ++part) {
      const double share = 1.0 * part / parts;
      const ValleyPlace at{from.along + share * (to.along - from.along),
                           from.across + share * (to.across - from.across)};
      tile.fill_rectangle(valley_x(at) - 1, valley_y(at) - 1, 2, 2,
                          ball.colour);
    }
    const int half = i == last ? 6 : 3;
    tile.fill_rectangle(valley_x(to) - half, valley_y(to) - half, 2 * half,
                        2 * half, ball.colour);
  }
  return tile;
}

// All balls after `step` steps, each in a tile of its own.
inline Picture valley_frame(const std::vector<Ball>& balls, double kappa,
                            std::size_t step, std::size_t tail) {
  const Picture floor = valley_floor(kappa);
  Sheet sheet(
      format("Down the valley, after step %3d", static_cast<int>(step)));
  for (std::size_t i = 0; i < balls.size(); ++i) {
    if (i > 0 && i % 2 == 0) sheet.row();
    sheet.add(valley_tile(floor, balls[i], step, tail), balls[i].name);
  }
  return sheet.picture();
}

// Plots the balls' distances from the bottom against the step.
inline std::string valley_distances(const std::vector<Ball>& balls) {
  LinePlot plot;
  plot.title = "Distance still to go";
  plot.x_label = "step";
  plot.y_label = "distance from the bottom (start: 1)";
  plot.log_y = true;
  plot.y_min = 1e-6;
  plot.width = 740;
  // Each line ends lower than those before it, so that its name, which
  // stands to the left of its end, does not cover any of them.
  double end = 1e-4;
  for (const Ball& ball : balls) {
    Series line{ball.name, {}, {}};
    for (std::size_t i = 0; i < ball.path.size(); ++i) {
      const double share =
          ball.path[i].distance() / ball.path[0].distance();
      line.x.push_back(static_cast<double>(i));
      line.y.push_back(share);
      if (share < end) break;
    }
    plot.series.push_back(line);
    end *= 0.34;
  }
  plot.reference = {1e-3, "a thousandth"};
  return plot.svg();
}

// ---- Curves ------------------------------------------------------------

// How many of a curve's rates to draw so that its line ends where it falls:
// up to the first rate, from the best one on, at which the mean accuracy is
// below a half, or every run broke.
inline std::size_t rates_to_fall(const RateCurve& curve) {
  std::size_t count = curve.best();
  while (count < curve.rates.size() &&
         curve.accuracies[count].of.mean >= 0.5)
    ++count;
  return std::min(count + 1, curve.rates.size());
}

// Plots accuracy against rate, with each mean's standard error as a bar.
// The rates of curve i are multiplied by factors[i]. A rate at which all
// runs broke gets no point. With to_fall, each line ends where it falls,
// so that its name stands there.
inline LinePlot rate_plot_of(const std::string& title,
                             const std::string& x_label,
                             const std::vector<RateCurve>& curves,
                             const std::vector<double>& factors,
                             bool to_fall = false) {
  if (factors.size() != curves.size())
    fail(Refusal::argument, "rate_plot_of: expected a factor for each of " +
                                std::to_string(curves.size()) +
                                " curves, got " +
                                std::to_string(factors.size()));
  LinePlot plot;
  plot.title = title;
  plot.x_label = x_label;
  plot.y_label = "held-out accuracy (%)";
  plot.log_x = true;
  plot.y_min = 0;
  plot.y_max = 100;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const RateCurve& curve = curves[i];
    Series line{curve.name, {}, {}};
    const std::size_t end =
        to_fall ? rates_to_fall(curve) : curve.rates.size();
    // The axis holds all rates, whether they are drawn or not.
    const double least = factors[i] * curve.rates.front(),
                 most = factors[i] * curve.rates.back();
    plot.x_min = std::min(plot.x_min.value_or(least), least);
    plot.x_max = std::max(plot.x_max.value_or(most), most);
    for (std::size_t k = 0; k < end; ++k) {
      const RunsMean& it = curve.accuracies[k];
      if (it.broken == it.runs) continue;
      line.x.push_back(factors[i] * curve.rates[k]);
      line.y.push_back(100 * it.of.mean);
      line.errors.push_back(100 * it.of.error);
    }
    plot.series.push_back(line);
  }
  return plot;
}

inline std::string rate_figure_of(const std::string& title,
                                  const std::string& x_label,
                                  const std::vector<RateCurve>& curves,
                                  const std::vector<double>& factors,
                                  bool to_fall = false) {
  return rate_plot_of(title, x_label, curves, factors, to_fall).svg();
}

inline std::string transfer_figure(
    const std::vector<TransferCurve>& curves) {
  LinePlot plot;
  plot.title = "Step against gradient";
  plot.x_label = "gradient";
  plot.y_label = "step";
  plot.log_x = plot.log_y = true;
  for (const TransferCurve& it : curves)
    plot.series.push_back({it.name, it.gradients, it.updates});
  return plot.svg();
}

// The predictions at one rate, one for each seed.
using Predictions = std::vector<Prediction>;

// The mean over the seeds of number(prediction).
template <class Number>
SeedMean mean_of(const Predictions& all, const Number& number) {
  std::vector<double> numbers;
  for (const Prediction& it : all) numbers.push_back(number(it));
  return seed_mean(numbers);
}

// all[i] holds the predictions at rates[i].
inline std::string prediction_figure(const std::vector<double>& rates,
                                     const std::vector<Predictions>& all) {
  LinePlot plot;
  plot.title = "What the gradients of the last steps are worth";
  plot.x_label = "steps ago";
  plot.y_label = "weight in the best mix";
  for (std::size_t i = 0; i < all.size(); ++i) {
    Series line{"rate " + tick_text(rates[i]), {}, {}};
    for (std::size_t k = 0; k < all[i][0].best.size(); ++k) {
      const SeedMean it = mean_of(
          all[i], [k](const Prediction& one) { return one.best[k]; });
      line.x.push_back(static_cast<double>(k));
      line.y.push_back(it.mean);
      line.errors.push_back(it.error);
    }
    plot.series.push_back(line);
  }
  plot.reference = {0.0, "0: no weight"};
  return plot.svg();
}

// ---- One digit's story -------------------------------------------------

inline std::string followed_name(const FollowedDigit& it) {
  return it.name + " " + tick_text(it.rate);
}

inline std::string followed_figure(const std::vector<FollowedDigit>& all,
                                   int truth) {
  LinePlot plot;
  plot.title = "One held-out digit during the first steps";
  plot.x_label = "steps";
  plot.y_label = format("probability of the %d (%%)", truth);
  plot.y_min = 0;
  plot.y_max = 100;
  for (const FollowedDigit& it : all) {
    Series line{followed_name(it), {}, {}};
    for (std::size_t t = 0; t < it.probabilities.size(); ++t) {
      line.x.push_back(static_cast<double>(t));
      line.y.push_back(100 * it.probabilities[t]);
    }
    plot.series.push_back(line);
  }
  return plot.svg();
}

}  // namespace cnn
