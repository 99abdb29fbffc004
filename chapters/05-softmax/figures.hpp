// Draws chapter 05's figures.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/decisions.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/story_loss.hpp"
#include "05-softmax/templates.hpp"
#include "common/data/dataset.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// One group of bars per temperature, one bar per score.
inline std::string temperature_figure(
    const Tensor<>& logits, const std::vector<float>& temperatures,
    const std::vector<Tensor<>>& probabilities) {
  BarPlot plot;
  plot.title = "The same three scores at four temperatures";
  plot.x_label = "temperature T: every score is divided by it";
  plot.y_label = "probability";
  for (const float T : temperatures)
    plot.names.push_back("T = " + tick_text(static_cast<double>(T)));
  for (int k = 0; k < logits.extent(1); ++k) {
    BarPlot::Bars bars;
    bars.label = format("score %g", static_cast<double>(logits(0, k)));
    for (const Tensor<>& p : probabilities)
      bars.values.push_back(static_cast<double>(p(0, k)));
    plot.bars.push_back(bars);
  }
  plot.y_max = 1;
  plot.decimals = 2;
  return plot.svg();
}

// -ln p from p = 0.01 to 1, with the answers of the program's table on it.
inline std::string cross_entropy_figure(
    const std::vector<std::pair<std::string, float>>& answers) {
  Series curve{"", {}, {}, false};
  for (int i = 4; i <= 400; ++i) {
    const float p = static_cast<float>(i) / 400.0f;
    curve.x.push_back(static_cast<double>(p));
    curve.y.push_back(static_cast<double>(-std::log(p)));
  }
  LinePlot plot;
  plot.title = "Cross-entropy: what an answer costs";
  plot.x_label = "probability given to the true class";
  plot.y_label = "loss -ln p (nats)";
  plot.series = {curve};
  for (const auto& [label, p] : answers)
    plot.series.push_back({label,
                           {static_cast<double>(p)},
                           {static_cast<double>(-std::log(p))},
                           true});
  plot.x_min = 0;
  plot.x_max = 1;
  plot.y_min = 0;
  plot.reference = std::pair{static_cast<double>(std::log(10.0f)),
                             std::string("ln 10: knows nothing")};
  return plot.svg();
}

// How strongly two losses pull at the score of the true class, against the
// probability p that the network gives to it: cross-entropy with 1 - p, and
// the square of the shortfall with 2 p (1 - p)^2.
inline std::string pulls_figure() {
  Series cross_entropy{"cross-entropy", {}, {}}, squared{"square", {}, {}};
  for (int i = 0; i <= 100; ++i) {
    const double p = i / 100.0, lacking = 1 - p;
    cross_entropy.x.push_back(p);
    cross_entropy.y.push_back(lacking);
    squared.x.push_back(p);
    squared.y.push_back(2 * p * lacking * lacking);
  }
  LinePlot plot;
  plot.title = "How strongly two losses pull at the true score";
  plot.x_label = "probability given to the true class";
  plot.y_label = "size of the gradient";
  plot.series = {cross_entropy, squared};
  plot.x_min = 0;
  plot.x_max = 1;
  plot.y_min = 0;
  return plot.svg();
}

// The first loss, and then the mean of each `window` losses in a row, drawn
// at the middle of their steps.
inline Series smoothed_losses(const LearningRecord& record, int window) {
  Series series{format("training (mean of %d)", window),
                {record.step[0]},
                {record.loss[0]},
                false};
  double sum = 0;
  for (std::size_t i = 0; i < record.loss.size(); ++i) {
    sum += record.loss[i];
    if ((static_cast<int>(i) + 1) % window != 0) continue;
    series.x.push_back(record.step[i] - (window - 1) / 2.0);
    series.y.push_back(sum / window);
    sum = 0;
  }
  return series;
}

inline std::string loss_figure(const LearningRecord& record) {
  LinePlot plot;
  plot.title = "One dense layer learns to read digits";
  plot.x_label = "step";
  plot.y_label = "cross-entropy (nats)";
  plot.series = {
      smoothed_losses(record, 10),
      Series{"held out", record.epoch_step, record.held_out_loss, false}};
  plot.x_min = 0;
  plot.y_min = 0;
  plot.reference = std::pair{static_cast<double>(std::log(10.0f)),
                             std::string("ln 10: knows nothing")};
  return plot.svg();
}

inline Picture templates_figure(const Tensor<>& weight, int H, int W) {
  const float range = largest_magnitude(weight);
  Sheet sheet("Ten templates: what each class looks for");
  for (int k = 0; k < weight.extent(0); ++k) {
    if (k == 5) sheet.row();
    sheet.add(diverging_tile(template_of(weight, k, H, W), 5, range),
              std::to_string(k));
  }
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// A row of templates for every recorded step, each row with a scale of its
// own; five classes, so that they are large enough to be recognised.
inline Picture growth_figure(const LearningRecord& record, int H, int W) {
  Sheet sheet("How templates grow: orange is for, blue against");
  for (const auto& [step, weight] : record.weights) {
    const float range = largest_magnitude(weight);
    const bool last = step == record.weights.back().first;
    sheet.row(
        format("step %d\n\u00b1%.3f", step, static_cast<double>(range)));
    for (const int k : {0, 2, 3, 5, 6})
      sheet.add(diverging_tile(template_of(weight, k, H, W), 4, range),
                last ? std::to_string(k) : "");
  }
  return sheet.picture();
}

// For each of two classes the digit, the template and their product, and in
// a third row the same for the first template minus the second. All
// templates share one colour scale and all products another. digit (H, W),
// logits (1, classes)
inline Picture dot_product_figure(const LinearClassifier& classifier,
                                  const Tensor<>& digit,
                                  const Tensor<>& logits, int best,
                                  int second) {
  const int H = digit.extent(0), W = digit.extent(1);
  const auto of = [&](int k) {
    return template_of(classifier.weight, k, H, W);
  };
  Tensor<> difference = of(best);
  for (std::size_t i = 0; i < difference.data().size(); ++i)
    difference.data()[i] -= of(second).data()[i];
  float range = 0, product_range = 0;
  for (const Tensor<>& weights : {of(best), of(second), difference}) {
    range = std::max(range, largest_magnitude(weights));
    product_range = std::max(
        product_range, largest_magnitude(contributions(weights, digit)));
  }
  Sheet sheet("A score is a sum over pixels: weight times ink");
  const auto add = [&](const std::string& row, const Tensor<>& weights,
                       const std::string& name, float score) {
    sheet.row(row).add(grey_tile(digit, 7), "the digit");
    sheet.add(diverging_tile(weights, 7, range), name);
    sheet.add(
        diverging_tile(contributions(weights, digit), 7, product_range),
        format("their product\nsum + bias = %.2f",
               static_cast<double>(score)));
  };
  for (const int k : {best, second})
    add(format("is it\na %d?", k), of(k), format("template of %d", k),
        logits(0, k));
  add(format("%d minus\n%d", best, second), difference, "difference",
      logits(0, best) - logits(0, second));
  const auto scale = [](const std::string& middle, float end) {
    const std::string digits = format("%.2g", static_cast<double>(end));
    return colour_scale("−" + digits, middle, digits, 320, [](float value) {
      return diverging_colour(value, 1.0f);
    });
  };
  sheet.footer(scale("products: 0", product_range));
  sheet.footer(scale("templates: 0", range));
  return sheet.picture();
}

inline Picture misread_figure(const Dataset& data,
                              const std::vector<Misread>& misread) {
  const int H = data.images.extent(2), W = data.images.extent(3);
  Sheet sheet("Held out and misread: the answers that cost most");
  for (std::size_t i = 0; i < misread.size(); ++i) {
    const Misread& it = misread[i];
    if (i == 5) sheet.row();
    sheet.add(grey_tile(item(data.images, it.image).reshaped({H, W}), 5),
              format("is %d, said %d\nloss %.1f", it.truth, it.said,
                     static_cast<double>(it.loss)));
  }
  return sheet.picture();
}

// The digit, and for each moment but the first, when all was 0, the
// products of its ink and the template of its own class. image (1, H, W)
inline Picture story_figure(const Tensor<>& image,
                            const std::vector<StoryMoment>& moments) {
  Sheet sheet("What our digit cost");
  sheet.add(
      grey_tile(image.reshaped({image.extent(1), image.extent(2)}), 5),
      format("before step 1\nloss %.3f",
             static_cast<double>(moments.front().loss)));
  for (std::size_t i = 1; i < moments.size(); ++i) {
    const StoryMoment& it = moments[i];
    sheet.add(
        diverging_tile(it.products, 5, largest_magnitude(it.products)),
        format("step %d\nloss %.3f", it.step,
               static_cast<double>(it.loss)));
  }
  return sheet.picture();
}

}  // namespace cnn
