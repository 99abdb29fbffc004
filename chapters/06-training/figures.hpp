// Draws chapter 06's figures.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "06-training/choices.hpp"
#include "06-training/inside.hpp"
#include "06-training/network.hpp"
#include "06-training/planes.hpp"
#include "06-training/scoring.hpp"
#include "06-training/training_record.hpp"
#include "common/data/class_names.hpp"
#include "common/data/dataset.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// At each point the mean of the last `window` values, because a batch's
// loss is noisy.
inline std::vector<double> running_mean(const std::vector<double>& values,
                                        std::size_t window) {
  std::vector<double> means;
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i];
    if (i >= window) sum -= values[i - window];
    means.push_back(sum / static_cast<double>(std::min(i + 1, window)));
  }
  return means;
}

// What the x axis of a curve shows.
enum class Axis { steps, seconds };

// The second at which a step ended, interpolated between the ends of the
// epochs.
inline double second_of_step(const std::vector<EpochRecord>& epochs,
                             double step) {
  double step_before = 0, second_before = 0;
  for (const EpochRecord& epoch : epochs) {
    if (step <= epoch.step)
      return second_before + (epoch.seconds - second_before) *
                                 (step - step_before) /
                                 (epoch.step - step_before);
    step_before = epoch.step;
    second_before = epoch.seconds;
  }
  return second_before;
}

// Loss (or accuracy in percent): the running mean over the batches, and the
// held-out value after each epoch.
inline std::string training_curves(const std::vector<TrainingStep>& history,
                                   const std::vector<EpochRecord>& epochs,
                                   bool loss, Axis axis) {
  const auto place = [&](double step) {
    return axis == Axis::steps ? step : second_of_step(epochs, step);
  };
  Series held_out{"held out", {}, {}, false};
  for (const EpochRecord& epoch : epochs) {
    held_out.x.push_back(place(epoch.step));
    held_out.y.push_back(loss ? epoch.held_out_loss
                              : 100 * epoch.held_out_accuracy);
  }
  Series batches{"training", {}, {}, false};
  for (const TrainingStep& step : history) {
    batches.x.push_back(place(step.step));
    batches.y.push_back(loss ? step.loss : 100 * step.accuracy);
  }
  batches.y = running_mean(batches.y, 25);
  LinePlot plot;
  plot.title = loss ? "Loss while training" : "Accuracy while training";
  plot.x_label = axis == Axis::steps ? "steps" : "time (s)";
  plot.y_label = loss ? "loss (nats)" : "accuracy (%)";
  plot.series = {batches, held_out};
  if (loss) {
    plot.log_y = true;
    plot.reference =
        std::pair{2.302585, std::string("ln 10: knows nothing")};
  } else {
    plot.y_max = 100;
    // If the accuracy is high, the axis shows only the part that matters.
    if (epochs.back().held_out_accuracy > 0.85)
      plot.y_min = 80;
    else
      plot.reference = std::pair{10.0, std::string("chance")};
  }
  return plot.svg();
}

// names: those of the classes, if they are not the ten digits.
inline std::string confusion_figure(const Tensor<>& confusion,
                                    const ClassNames& names = {}) {
  HeatMap map;
  map.title = std::string("What was taken for what (held-out ") +
              (names.empty() ? "digits)" : "pictures)");
  map.x_label = "what the network said";
  map.y_label = "what it is";
  for (int k = 0; k < confusion.extent(0); ++k) {
    map.row_names.push_back(std::to_string(k));
    if (!names.empty())
      map.row_names.back() += " " + name_of_class(names, k);
    map.column_names.push_back(std::to_string(k));
  }
  map.values = confusion;
  map.diagonal_apart = true;
  return map.svg();
}

// Recall is near 100 % for every digit, so the bars show what is missing. A
// class without images has no bar.
inline std::string recall_figure(const Tensor<>& confusion) {
  BarPlot plot;
  plot.title = "The share of each digit that is missed (held-out digits)";
  plot.x_label = "digit";
  plot.y_label = "missed: 100 - recall (%)";
  BarPlot::Bars bars{"missed", {}};
  const std::vector<double> shares = recall(confusion);
  for (std::size_t k = 0; k < shares.size(); ++k) {
    if (images_of(confusion, static_cast<int>(k)) == 0) continue;
    plot.names.push_back(std::to_string(k));
    bars.values.push_back(100 * (1 - shares[k]));
  }
  plot.bars = {bars};
  plot.y_min = 0;
  return plot.svg();
}

// Picture n of a set, in colour if it has three channels.
inline Picture picture_tile(const Tensor<>& images, int n, int scale) {
  return images.extent(1) == 3 ? rgb_tile(item(images, n), scale)
                               : grey_tile(picture_of(images, n), scale);
}

// A batch in rows of eight, each picture with its label.
inline Picture batch_figure(const Dataset& batch) {
  Sheet sheet("A batch as the network gets it, and its labels");
  for (int n = 0; n < batch.size(); ++n) {
    if (n % 8 == 0) sheet.row();
    sheet.add(picture_tile(batch.images, n, 2),
              std::to_string(batch.labels[static_cast<std::size_t>(n)]));
  }
  return sheet.picture();
}

// The first steps with learning rates that are too small, good and too
// large.
inline std::string rates_figure(const std::vector<RateLoss>& tried) {
  LinePlot plot;
  plot.title = "The first steps with several learning rates";
  plot.x_label = "steps";
  plot.y_label = "loss (nats)";
  plot.log_y = true;
  for (const RateLoss& it : tried) {
    Series series{"rate " + tick_text(it.rate), {}, it.losses, false};
    for (std::size_t i = 0; i < it.losses.size(); ++i)
      series.x.push_back(static_cast<double>(i + 1));
    plot.series.push_back(series);
  }
  plot.reference = std::pair{2.302585, std::string("ln 10")};
  return plot.svg();
}

// A picture (H, W), and a row of ten probabilities for each moment.
inline Picture story_figure(const Tensor<>& image,
                            const std::vector<StoryAnswer>& answers) {
  constexpr int cell = 46;
  Sheet sheet("What the network said of our digit, in percent");
  sheet.row("the digit").add(grey_tile(image, 2));
  for (const StoryAnswer& it : answers) {
    Tensor<> percents = it.probabilities;
    for (float& p : percents.data()) p *= 100;
    const bool last = &it == &answers.back();
    sheet.row(it.step == 0 ? "before" : format("step %d", it.step));
    for (int k = 0; k < percents.extent(1); ++k)
      sheet.add(
          number_tile(Tensor<>({1, 1}, percents(0, k)), cell, 100, 0, 3),
          last ? std::to_string(k) : "");
  }
  return sheet.picture();
}

// The surest wrong answers, five in a row.
inline Picture mistakes_figure(const Dataset& data,
                               const std::vector<Mistake>& wrong,
                               std::size_t most,
                               const ClassNames& names = {}) {
  Sheet sheet("Sure and wrong: the worst mistakes");
  for (std::size_t i = 0; i < std::min(most, wrong.size()); ++i) {
    if (i % 5 == 0 && i > 0) sheet.row();
    const Mistake& it = wrong[i];
    sheet.add(picture_tile(data.images, it.image, 4),
              format("said %s (%.0f %%)\nis %s (%.0f %%)",
                     in_words(name_of_class(names, it.said)).c_str(),
                     100 * static_cast<double>(it.probability_said),
                     in_words(name_of_class(names, it.truth)).c_str(),
                     100 * static_cast<double>(it.probability_truth)));
  }
  return sheet.picture();
}

// The first layer's filters before and after training.
inline Picture filters_figure(const Tensor<>& before,
                              const Tensor<>& after) {
  const float range =
      std::max(largest_magnitude(before), largest_magnitude(after));
  Sheet sheet("The eight filters of the first layer");
  for (const bool trained : {false, true}) {
    sheet.row(trained ? "after" : "before");
    for (int co = 0; co < after.extent(0); ++co)
      sheet.add(diverging_tile(filter(trained ? after : before, co, 0), 16,
                               range),
                trained ? std::to_string(co + 1) : "");
  }
  sheet.footer(diverging_scale(range, 320));
  return sheet.picture();
}

// One digit on its way through the network: a row of maps per layer.
inline Picture feature_maps_figure(Network<>& network,
                                   const Tensor<>& digit) {
  const Tensor<> batch =
      digit.reshaped({1, 1, digit.extent(0), digit.extent(1)});
  const std::vector<Tensor<>> outputs = all_outputs(network, batch);
  Sheet sheet(
      "One digit on its way through the network. Colours: each layer's own "
      "range, whose ends are written beside it");
  sheet.row("the digit").add(grey_tile(digit, 3));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].rank() != 4) continue;
    const int channels = outputs[i].extent(1), side = outputs[i].extent(2);
    const float range = largest_magnitude(outputs[i]);
    for (int c = 0; c < channels; ++c) {
      if (c % 8 == 0)
        sheet.row(c > 0 ? ""
                        : network.name(i) + "\n" +
                              format("%d x %d\n\u00b1%.1f", side, side,
                                     static_cast<double>(range)));
      sheet.add(
          diverging_tile(feature_map(outputs[i], c), 84 / side, range));
    }
  }
  sheet.footer(colour_scale(
      "lower end", "0", "upper end", 320,
      [](float value) { return diverging_colour(value, 1.0f); }));
  return sheet.picture();
}

}  // namespace cnn
