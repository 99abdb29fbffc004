// How choosy the layers become while the network learns, and which learning
// rates are so large that they kill filters.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "08-seeing/activity.hpp"
#include "08-seeing/recorder.hpp"

namespace cnn {

// The outputs of both convolutions, before ReLU, at one snapshot.
struct ActivityMoment {
  int step = 0;
  double everywhere = 0;  // the share of layer 1's cells that are above 0
  // For each layer, of the cells that see ink: the share above 0, and the
  // shares in each interval.
  std::array<double, 2> on_ink{};
  std::array<std::vector<double>, 2> bins{};
};

// The intervals of ActivityMoment::bins: 12 of equal width from -6 to 6.
inline constexpr float lowest = -6, highest = 6;
inline constexpr int intervals = 12;

// images (N, 1, 28, 28) -> one entry for each snapshot
inline std::vector<ActivityMoment> compute_activity(
    const std::vector<Snapshot>& snapshots, const Tensor<>& images) {
  const std::vector<ReceptiveField> fields =
      receptive_fields(digit_network);
  std::array<Tensor<>, 2> ink;
  std::vector<ActivityMoment> moments;
  for (const Snapshot& it : snapshots) {
    const auto network = network_at(it);
    const std::vector<Tensor<>> outputs = network->outputs(images);
    ActivityMoment now{it.step, share_positive(outputs[0].data()), {}, {}};
    for (const std::size_t i : {0u, 1u}) {
      const Tensor<>& output = outputs[3 * i];  // of conv1, of conv2
      if (moments.empty())
        ink[i] = sees_ink(images, fields[3 * i], output.extent(2));
      const std::vector<float> cells = cells_on_ink(output, ink[i]);
      now.on_ink[i] = share_positive(cells);
      now.bins[i] = share_in_bins(cells, lowest, highest, intervals);
    }
    moments.push_back(std::move(now));
  }
  return moments;
}

// Whether the two bins around 0 hold less than 90 % of what they held
// before. before, after: the shares in an even number of bins
inline bool becomes_wide(const std::vector<double>& before,
                         const std::vector<double>& after) {
  const auto middle = [](const std::vector<double>& bins) {
    return bins[bins.size() / 2 - 1] + bins[bins.size() / 2];
  };
  return middle(after) < 0.9 * middle(before);
}

// How many filters of each convolution are dead after one training run.
struct DeadFilters {
  double learning_rate = 0;
  int layer1 = 0, layer2 = 0;
  bool blind = false;              // is a whole layer dead?
  std::optional<double> accuracy;  // held out; none if the run broke
};

// Trains a network from its initial weights. Returns false if the run
// broke, that is, if the loss or a parameter stopped being finite.
using Learn = std::function<bool(FastNetwork&, const Experiment&)>;

// How many epochs each run of compute_dead() lasts. At most two, because
// steps that are too large kill filters early.
inline int deadly_epochs(const Experiment& experiment) {
  return std::min(experiment.settings.epochs, 2);
}

// Trains a fresh network for deadly_epochs() at each of five learning
// rates, from small to large. Filters are dead if they are silent for all
// images of `some`.
inline std::vector<DeadFilters> compute_dead(const Experiment& experiment,
                                             const Dataset& held_out,
                                             const Dataset& some,
                                             const Learn& learn) {
  std::vector<DeadFilters> all;
  for (const double rate : {0.05, 0.1, 0.2, 0.4, 0.8}) {
    Experiment one = experiment;
    one.settings.learning_rate = rate;
    one.settings.epochs = deadly_epochs(experiment);
    FastNetwork network(digit_network, {1, 28, 28});
    start(network, one);
    const bool sound = learn(network, one);
    const Activity layer1 = activity(network, some, 1);
    const Activity layer2 = activity(network, some, 4);
    DeadFilters dead{rate,
                     layer1.dead(),
                     layer2.dead(),
                     layer1.blind() || layer2.blind(),
                     {}};
    if (sound) dead.accuracy = accuracy(network, held_out);
    all.push_back(dead);
  }
  return all;
}

// The smallest and the largest of some numbers.
struct Extent {
  double least = 0, most = 0;
};

// Throws std::invalid_argument if there are no numbers.
inline Extent extent_of(const std::vector<double>& numbers) {
  if (numbers.empty())
    fail(Refusal::argument,
         "extent_of: expected one number or more, got none");
  const auto [least, most] =
      std::minmax_element(numbers.begin(), numbers.end());
  return {*least, *most};
}

// The results of one learning rate from several seeds.
struct DeadOfSeeds {
  double learning_rate = 0;
  Extent layer1, layer2;           // dead filters
  int blind = 0, broken = 0;       // the number of such seeds
  std::optional<Extent> accuracy;  // of the seeds that did not break
};

// runs: one or more at the same rate, each from another seed
inline DeadOfSeeds over_seeds(const std::vector<DeadFilters>& runs) {
  DeadOfSeeds all;
  std::vector<double> layer1, layer2, accuracies;
  for (const DeadFilters& it : runs) {
    all.learning_rate = it.learning_rate;
    layer1.push_back(it.layer1);
    layer2.push_back(it.layer2);
    all.blind += it.blind;
    if (it.accuracy)
      accuracies.push_back(*it.accuracy);
    else
      ++all.broken;
  }
  all.layer1 = extent_of(layer1);
  all.layer2 = extent_of(layer2);
  if (!accuracies.empty()) all.accuracy = extent_of(accuracies);
  return all;
}

}  // namespace cnn
