// How the layers become choosy while the network learns, and which steps
// are so long that they kill filters.
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

// The cells before ReLU of one snapshot's two convolutions.
struct ActivityMoment {
  int step = 0;
  double everywhere = 0;                      // share above 0, layer 1
  std::array<double, 2> on_ink{};             // of the cells that see ink
  std::array<std::vector<double>, 2> bins{};  // their shares in intervals
};

// The intervals: 12 from -6 to 6.
inline constexpr float lowest = -6, highest = 6;
inline constexpr int intervals = 12;

// images (N, 1, 28, 28)
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

// Whether less lies in the two bins around 0 in the end.
// Both hold the shares of an even number of bins.
inline bool becomes_wide(const std::vector<double>& before,
                         const std::vector<double>& after) {
  const auto middle = [](const std::vector<double>& bins) {
    return bins[bins.size() / 2 - 1] + bins[bins.size() / 2];
  };
  return middle(after) < 0.9 * middle(before);
}

// The dead filters of both convolutions after a training.
struct DeadFilters {
  double learning_rate = 0;
  int layer1 = 0, layer2 = 0;
  std::optional<double> accuracy;  // none if the training broke
};

// Trains a fresh network; false if that broke.
using Learn = std::function<bool(FastNetwork&, const Experiment&)>;

// Trainings of at most two epochs, with ever longer steps.
inline std::vector<DeadFilters> compute_dead(const Experiment& experiment,
                                             const Dataset& held_out,
                                             const Dataset& some,
                                             const Learn& learn) {
  std::vector<DeadFilters> all;
  for (const double rate : {0.05, 0.1, 0.2, 0.4, 0.8}) {
    Experiment one = experiment;
    one.settings.learning_rate = rate;
    one.settings.epochs = std::min(one.settings.epochs, 2);
    FastNetwork network(digit_network, {1, 28, 28});
    start(network, one);
    const bool sound = learn(network, one);
    DeadFilters dead{rate,
                     activity(network, some, 1).dead(),
                     activity(network, some, 4).dead(),
                     {}};
    if (sound) dead.accuracy = accuracy(network, held_out);
    all.push_back(dead);
  }
  return all;
}

}  // namespace cnn
