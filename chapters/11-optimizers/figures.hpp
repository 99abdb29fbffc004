// What draws chapter 11's figures.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "11-optimizers/by_hand.hpp"
#include "11-optimizers/predictor.hpp"
#include "11-optimizers/rate_curves.hpp"
#include "11-optimizers/valley.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- The valley --------------------------------------------------------

// A ball's name, its colour and where it was at each step.
struct Ball {
  std::string name;
  Colour colour;
  std::vector<Place> path;
};

inline constexpr int valley_width = 440, valley_height = 200;

inline int valley_x(const Place& place) {
  return static_cast<int>(std::lround(40 + 350 * place.along));
}
inline int valley_y(const Place& place) {
  return static_cast<int>(
      std::lround(valley_height / 2.0 - 80 * place.across));
}

// Bands of equal loss: each is a tenth of a decade paler than the next.
inline Picture valley_floor(double kappa) {
  Picture floor(valley_width, valley_height);
  for (int y = 0; y < valley_height; ++y)
    for (int x = 0; x < valley_width; ++x) {
      const Place place{(x - 40) / 350.0, (valley_height / 2.0 - y) / 80.0};
      const auto loss = static_cast<float>(valley_loss(place, kappa));
      const int band =
          static_cast<int>(std::floor(2 * std::log10(loss + 1e-4f))) + 8;
      const int grey = 255 - 9 * std::clamp(band, 0, 12);
      const auto shade = static_cast<std::uint8_t>(grey);
      floor.at(x, y) = {shade, shade, shade};
    }
  return floor;
}

// The way of a ball up to a step, its last six places as a tail.
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
    const Place& to = ball.path[i];
    const Place& from = ball.path[i > begin ? i - 1 : i];
    for (int part = 0; part <= 40; ++part) {
      const double share = part / 40.0;
      const Place at{from.along + share * (to.along - from.along),
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

// All balls after some steps.
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

// How far from the bottom, against the steps.
inline std::string valley_distances(const std::vector<Ball>& balls) {
  LinePlot plot;
  plot.title = "The way that is left";
  plot.x_label = "step";
  plot.y_label = "distance from the bottom, of that at the start";
  plot.log_y = true;
  plot.y_min = 1e-4;
  for (const Ball& ball : balls) {
    Series line{ball.name, {}, {}};
    for (std::size_t i = 0; i < ball.path.size(); ++i) {
      const double share =
          ball.path[i].distance() / ball.path[0].distance();
      if (share < 1e-4) break;
      line.x.push_back(static_cast<double>(i));
      line.y.push_back(share);
    }
    plot.series.push_back(line);
  }
  plot.reference = {1e-3, "a thousandth"};
  return plot.svg();
}

// ---- Curves ------------------------------------------------------------

// Accuracy against rate; `factor` of each curve stretches its rates.
inline std::string rate_figure_of(const std::string& title,
                                  const std::string& x_label,
                                  const std::vector<RateCurve>& curves,
                                  const std::vector<double>& factors) {
  LinePlot plot;
  plot.title = title;
  plot.x_label = x_label;
  plot.y_label = "held-out accuracy (%)";
  plot.log_x = true;
  plot.y_min = 0;
  plot.y_max = 100;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    Series line{curves[i].name, {}, {}};
    for (std::size_t k = 0; k < curves[i].rates.size(); ++k) {
      line.x.push_back(factors[i] * curves[i].rates[k]);
      line.y.push_back(100 * curves[i].accuracies[k].mean);
    }
    plot.series.push_back(line);
  }
  return plot.svg();
}

inline std::string transfer_figure(
    const std::vector<TransferCurve>& curves) {
  LinePlot plot;
  plot.title = "What a gradient comes to";
  plot.x_label = "gradient";
  plot.y_label = "step";
  plot.log_x = plot.log_y = true;
  for (const TransferCurve& it : curves)
    plot.series.push_back({it.name, it.gradients, it.updates});
  return plot.svg();
}

inline std::string prediction_figure(const Prediction& prediction) {
  LinePlot plot;
  plot.title = "Which memory do the digits want?";
  plot.x_label = "steps ago";
  plot.y_label = "weight of that step's gradient";
  plot.y_min = 0;
  Series best{"least squares", {}, {}},
      fading{"0.9 to the k, scaled", {}, {}};
  for (std::size_t k = 0; k < prediction.best.size(); ++k) {
    best.x.push_back(static_cast<double>(k));
    best.y.push_back(prediction.best[k]);
    fading.x.push_back(static_cast<double>(k));
    fading.y.push_back(prediction.momentum[k]);
  }
  best.points = true;
  plot.series = {best, fading};
  return plot.svg();
}

}  // namespace cnn
