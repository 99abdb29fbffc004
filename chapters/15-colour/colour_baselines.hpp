// What a network for colour pictures has to beat: answers from a picture's
// mean colour alone, and a single dense layer.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "13-normalization/normalized_list.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The mean of each channel of each picture, and, if `spread`, its standard
// deviation as well. images (N, C, H, W) -> (N, C) or (N, 2 C)
inline Tensor<> mean_colours(const Tensor<>& images, bool spread) {
  require_rank(images.shape(), 4, "mean_colours", "images");
  const int N = images.extent(0), C = images.extent(1),
            pixels = images.extent(2) * images.extent(3);
  Tensor<> means({N, spread ? 2 * C : C});
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c) {
      const auto plane =
          row_of(images, n).subspan(static_cast<std::size_t>(c * pixels),
                                    static_cast<std::size_t>(pixels));
      double sum = 0, squares = 0;
      for (const float level : plane) {
        sum += static_cast<double>(level);
        squares += static_cast<double>(level) * static_cast<double>(level);
      }
      const double mean = sum / pixels;
      means(n, c) = static_cast<float>(mean);
      if (spread)
        means(n, C + c) = static_cast<float>(
            std::sqrt(std::max(0.0, squares / pixels - mean * mean)));
    }
  return means;
}

// The mean red, green and blue of the pictures (N, 3, H, W) of one class.
inline std::array<float, 3> mean_colour_of(const Dataset& data, int label) {
  const Tensor<> means = mean_colours(
      subset(data, indices_of(data.labels, label)).images, false);
  std::array<double, 3> sums = {};
  for (int n = 0; n < means.extent(0); ++n)
    for (int c = 0; c < 3; ++c)
      sums[static_cast<std::size_t>(c)] +=
          static_cast<double>(means(n, c)) / means.extent(0);
  return {static_cast<float>(sums[0]), static_cast<float>(sums[1]),
          static_cast<float>(sums[2])};
}

// The pictures without their colours: the mean of the channels.
// images (N, C, H, W) -> (N, 1, H, W)
inline Tensor<> grey_images(const Tensor<>& images) {
  require_rank(images.shape(), 4, "grey_images", "images");
  const int C = images.extent(1);
  Tensor<> grey({images.extent(0), 1, images.extent(2), images.extent(3)});
  for (int n = 0; n < images.extent(0); ++n) {
    const auto from = row_of(images, n);
    const auto to = row_of(grey, n);
    for (std::size_t i = 0; i < from.size(); ++i)
      to[i % to.size()] += from[i] / static_cast<float>(C);
  }
  return grey;
}

// The most frequent class among those `nearest` points of `known` that lie
// closest to `point`. Of several equally frequent classes, the one that has
// the nearest point wins. known (M, D)  labels: M  point: D numbers
inline int class_of_neighbours(const Tensor<>& known,
                               const std::vector<int>& labels,
                               std::span<const float> point, int nearest,
                               int classes) {
  std::vector<std::pair<float, int>> apart;  // squared distance, index
  for (int m = 0; m < known.extent(0); ++m) {
    float sum = 0;
    const auto other = row_of(known, m);
    for (std::size_t i = 0; i < point.size(); ++i)
      sum += (point[i] - other[i]) * (point[i] - other[i]);
    apart.emplace_back(sum, m);
  }
  const auto end = apart.begin() +
                   std::min<std::ptrdiff_t>(
                       nearest, static_cast<std::ptrdiff_t>(apart.size()));
  std::partial_sort(apart.begin(), end, apart.end());
  std::vector<int> votes(static_cast<std::size_t>(classes));
  const auto votes_of = [&](int m) -> int& {
    return votes[static_cast<std::size_t>(
        labels[static_cast<std::size_t>(m)])];
  };
  for (auto it = apart.begin(); it != end; ++it) ++votes_of(it->second);
  const int most = *std::max_element(votes.begin(), votes.end());
  auto winner = apart.begin();
  while (votes_of(winner->second) < most) ++winner;
  return labels[static_cast<std::size_t>(winner->second)];
}

// The share of the points `asked` whose class by class_of_neighbours() is
// the one in `labels`. known (M, D)  asked (N, D)
// Throws std::invalid_argument unless both sets have points, all of D
// numbers and each with a label, and `nearest` is 1 or more.
inline double neighbours_accuracy(const Tensor<>& known,
                                  const std::vector<int>& known_labels,
                                  const Tensor<>& asked,
                                  const std::vector<int>& labels,
                                  int nearest, int classes) {
  require_shape(known.shape(),
                {static_cast<int>(known_labels.size()), known.extent(1)},
                "neighbours_accuracy", "known");
  require_shape(asked.shape(),
                {static_cast<int>(labels.size()), known.extent(1)},
                "neighbours_accuracy", "asked");
  if (known_labels.empty() || labels.empty() || nearest < 1)
    fail(Refusal::argument,
         "neighbours_accuracy: expected points and 1 neighbour or more");
  int right = 0;
  for (int n = 0; n < asked.extent(0); ++n)
    right +=
        class_of_neighbours(known, known_labels, row_of(asked, n), nearest,
                            classes) == labels[static_cast<std::size_t>(n)];
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

// The held-out accuracy of one dense layer after `epochs` epochs. Before
// it, each channel is normalized, which leaves it a linear model.
inline double linear_colour_accuracy(const Split& pictures, int epochs,
                                     std::uint64_t seed) {
  const Shape& shape = pictures.train.shape();
  const NormalizedArchitecture layers = {
      BatchNorm{}, Flatten{}, Dense{.outputs = pictures.train.classes}};
  FastNetwork network(layers, {shape[1], shape[2], shape[3]});
  for (Parameter<>* it : network.parameters())
    std::fill(it->value.data().begin(), it->value.data().end(), it->start);
  Sgd sgd(0.9);
  TrainingSettings settings;
  settings.epochs = epochs;
  settings.batch = 100;
  settings.learning_rate = 0.001;
  settings.seed = seed;
  train_fast(network, sgd, pictures.train, settings);
  return accuracy(network, pictures.held_out);
}

// Held-out accuracies: of the 15 nearest neighbours by mean grey, by mean
// colour, and by the mean and deviation of each channel; of a linear model.
struct SimpleModels {
  double grey = 0, colour = 0, spread = 0, linear = 0;
};

inline SimpleModels compute_simple_models(const Split& split, int epochs,
                                          std::uint64_t seed) {
  const Dataset &train = split.train, &held_out = split.held_out;
  const auto by_neighbours = [&](const Tensor<>& known,
                                 const Tensor<>& asked) {
    return neighbours_accuracy(known, train.labels, asked, held_out.labels,
                               15, train.classes);
  };
  const auto by_means = [&](const Tensor<>& known, const Tensor<>& asked,
                            bool spread) {
    return by_neighbours(mean_colours(known, spread),
                         mean_colours(asked, spread));
  };
  SimpleModels it;
  it.grey = by_means(grey_images(train.images),
                     grey_images(held_out.images), false);
  it.colour = by_means(train.images, held_out.images, false);
  it.spread = by_means(train.images, held_out.images, true);
  it.linear = linear_colour_accuracy(split, epochs, seed);
  return it;
}

}  // namespace cnn
