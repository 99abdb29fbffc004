// The figures of the chapter's first half: nonsense labels, memory, and
// double descent.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "05-softmax/seeds.hpp"
#include "08-seeing/sureness.hpp"
#include "12-generalization/believed_labels.hpp"
#include "12-generalization/noisy_curve.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- Nonsense ----------------------------------------------------------

// The label that a digit was taught, in a box that fills from below as the
// network comes to believe it.
inline Picture belief_square(int taught, float probability) {
  const int size = 28;
  Picture box(size, size, colours::faint);
  const int full =
      static_cast<int>(std::lround(static_cast<float>(size) * probability));
  box.fill_rectangle(0, size - full, size, full, colours::orange);
  box.centred_text(size / 2, (size - 14) / 2, std::to_string(taught),
                   colours::ink, Picture::page_scale);
  return box;
}

// Pictures of 28 x 28 in rows of ten.
inline Picture squares_of_ten(const std::vector<Picture>& squares) {
  const int pitch = 34, rows = static_cast<int>(squares.size() + 9) / 10;
  Picture all(10 * pitch, std::max(rows, 1) * pitch);
  for (std::size_t n = 0; n < squares.size(); ++n)
    all.paste(squares[n], static_cast<int>(n % 10) * pitch,
              static_cast<int>(n / 10) * pitch);
  return all;
}

// A frame of the film: the digits on the left and, in the same places on
// the right, the boxes of their taught labels. From frame to frame only the
// filling of the boxes changes. `epoch` is an index into believed.epochs.
inline Picture belief_frame(const BelievedLabels& believed,
                            std::size_t epoch) {
  std::vector<Picture> digits, taught;
  for (std::size_t n = 0; n < believed.taught.size(); ++n) {
    digits.push_back(
        grey_tile(picture_of(believed.images, static_cast<int>(n)), 1));
    taught.push_back(
        belief_square(believed.taught[n], believed.probability[epoch][n]));
  }
  Sheet sheet("A hundred digits, each with a wrong label");
  sheet.add(squares_of_ten(digits), "what they show");
  sheet.add(squares_of_ten(taught),
            format("believed after epoch %2d", believed.epochs[epoch]));
  return sheet.picture();
}

// The first ten digits, and below them the belief after some epochs, which
// are indices into believed.epochs.
inline Picture belief_strip(const BelievedLabels& believed,
                            const std::vector<std::size_t>& epochs) {
  const std::size_t count =
      std::min<std::size_t>(10, believed.taught.size());
  Sheet sheet("Ten of the digits, and the belief");
  sheet.row("what they show");
  for (std::size_t n = 0; n < count; ++n)
    sheet.add(
        grey_tile(picture_of(believed.images, static_cast<int>(n)), 1));
  for (const std::size_t epoch : epochs) {
    sheet.row(format("after epoch %d", believed.epochs[epoch]));
    for (std::size_t n = 0; n < count; ++n)
      sheet.add(belief_square(believed.taught[n],
                              believed.probability[epoch][n]));
  }
  return sheet.picture();
}

// One run's name and its epochs.
struct NamedEpochs {
  std::string name;
  std::vector<EpochScore> epochs;
};

// The share read right, or the loss, on learned and on held-out digits.
inline std::string heart_figure(const std::vector<NamedEpochs>& runs,
                                bool loss) {
  LinePlot plot;
  plot.title = loss ? "How wrong the network is"
                    : "What is learned, and what is learned by heart";
  plot.x_label = "epoch";
  plot.y_label = loss ? "mean loss" : "right (%)";
  plot.y_min = 0;
  if (!loss) plot.y_max = 100;
  plot.width = 740;
  for (const NamedEpochs& run : runs)
    for (const bool held_out : {false, true}) {
      Series line{
          run.name + (held_out ? ", held out" : ", taught"), {}, {}};
      for (const EpochScore& it : run.epochs) {
        const SetScore& score = held_out ? it.held_out : it.learned;
        line.x.push_back(it.epoch);
        line.y.push_back(loss ? score.loss : 100 * score.right);
      }
      plot.series.push_back(line);
    }
  if (loss)
    plot.reference = {2.302585092994046, "ln 10: a guess among ten"};
  else
    plot.reference = {10.0, "chance"};
  return plot.svg();
}

// ---- Memory ------------------------------------------------------------

// A network's name, and how many bits it kept against how many labels it
// was taught, both per weight.
struct MemoryCurve {
  std::string name;
  std::vector<double> labels_per_weight;
  std::vector<SeedMean> bits_per_weight;
};

inline std::string memory_figure(const std::vector<MemoryCurve>& curves) {
  LinePlot plot;
  plot.title = "A ruler for memory";
  plot.x_label = "random labels for each weight";
  plot.y_label = "bits kept, for each weight";
  plot.x_min = plot.y_min = 0;
  plot.width = 740;
  double most = 0, farthest = 0;
  for (const MemoryCurve& curve : curves) {
    Series line{curve.name, {}, {}};
    for (std::size_t i = 0; i < curve.labels_per_weight.size(); ++i) {
      line.x.push_back(curve.labels_per_weight[i]);
      line.y.push_back(curve.bits_per_weight[i].mean);
      line.errors.push_back(curve.bits_per_weight[i].error);
      farthest = std::max(farthest, line.x.back());
      most = std::max(most, line.y.back());
    }
    plot.series.push_back(line);
  }
  const double whole = 3.321928094887362, top = 1.25 * std::max(most, 0.1);
  const double end = std::min(farthest, top / whole);
  plot.y_max = top;
  plot.series.push_back(
      {"all there is to know", {0, end}, {0, whole * end}});
  return plot.svg();
}

// ---- Double descent ----------------------------------------------------

inline std::string wild_curves_figure(
    const NoisyPoints& points, const std::vector<double>& places,
    const std::vector<FittedCurve>& curves) {
  LinePlot plot;
  plot.title = "The same points, fitted with ever more coefficients";
  plot.x_label = "x";
  plot.y_label = "y";
  plot.width = 740;
  for (const FittedCurve& it : curves)
    plot.series.push_back(
        {std::to_string(it.features) + " coefficients", places, it.y});
  Series truth{"the true curve", places, {}};
  for (const double x : places) truth.y.push_back(true_curve(x));
  truth.reference = true;
  plot.series.push_back(truth);
  plot.series.push_back({"points", points.x, points.y, true});
  return plot.svg();
}

// One line of the figure: a value for each number of features.
struct DescentLine {
  std::string name;
  std::vector<double> features;
  std::vector<RunsMean> values;
};

inline std::string descent_figure(const std::vector<DescentLine>& lines,
                                  bool norm) {
  LinePlot plot;
  plot.title = norm ? "The length of the weights"
                    : "Down, up to a peak, and down again";
  plot.x_label = "random features";
  plot.y_label =
      norm ? "norm of the weights" : "held-out digits read wrong (%)";
  plot.log_x = true;
  plot.log_y = norm;
  plot.width = 740;
  if (!norm) {
    plot.y_min = 0;
    plot.y_max = 100;
    plot.reference = {90.0, "chance"};
  }
  for (const DescentLine& it : lines) {
    Series line{it.name, {}, {}};
    for (std::size_t i = 0; i < it.features.size(); ++i) {
      const RunsMean& value = it.values[i];
      if (value.broken > 0) continue;
      const double unit = norm ? 1 : 100;
      line.x.push_back(it.features[i]);
      line.y.push_back(unit * value.of.mean);
      line.errors.push_back(unit * value.of.error);
    }
    plot.series.push_back(line);
  }
  return plot.svg();
}

// ---- One digit's story -------------------------------------------------

// A network's name, and what it says of each of N pictures.
struct NamedOpinions {
  std::string name;
  std::vector<Opinion> said;  // N
};

// A row for each network: the images (N, 1, H, W), and below each what the
// network says of it.
inline Picture changed_figure(const Tensor<>& images,
                              const std::vector<NamedOpinions>& networks) {
  Sheet sheet("One digit, as written and changed in seven ways");
  for (const NamedOpinions& it : networks) {
    sheet.row(it.name);
    for (int n = 0; n < images.extent(0); ++n) {
      const Opinion& opinion = it.said.at(static_cast<std::size_t>(n));
      sheet.add(grey_tile(picture_of(images, n), 2),
                format("%d\n%.1f %%", opinion.said,
                       100 * static_cast<double>(opinion.probability)));
    }
  }
  return sheet.picture();
}

}  // namespace cnn
