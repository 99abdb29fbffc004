// How a network changes while it learns: how many digits it reads, which it
// confuses, how far its weights move, and whether its first layer matters.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "06-training/planes.hpp"
#include "06-training/scoring.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/freezing.hpp"
#include "08-seeing/recorder.hpp"

namespace cnn {

// The share of the most frequent answer among all answers.
// Throws std::invalid_argument if there are no answers.
inline double share_of_most_frequent(const std::vector<int>& said) {
  if (said.empty())
    fail(Refusal::argument,
         "share_of_most_frequent: expected one answer or more, got none");
  std::ptrdiff_t most = 0;
  for (const int answer : said)
    most = std::max(most, std::count(said.begin(), said.end(), answer));
  return static_cast<double>(most) / static_cast<double>(said.size());
}

// The network at one snapshot, compared with that at the first.
struct LearningMoment {
  int step = 0;
  double accuracy = 0;   // on held-out digits
  double commonest = 0;  // the share of the most frequent answer
  // Each layer's weights and those at the first snapshot: their similarity
  // (8.1), and the root mean square of their difference.
  std::vector<double> alike, moved;
  Tensor<> confusion;  // (classes, classes)
};

// One entry for each snapshot.
inline std::vector<LearningMoment> compute_learning(
    const std::vector<Snapshot>& snapshots, const Dataset& held_out) {
  std::vector<LearningMoment> moments;
  for (const Snapshot& it : snapshots) {
    const Tensor<> logits = evaluate(*network_at(it), held_out);
    const std::vector<int> said = predictions(logits);
    LearningMoment now{it.step,
                       accuracy(logits, held_out.labels),
                       share_of_most_frequent(said),
                       {},
                       {},
                       confusion_matrix(held_out.labels, said)};
    for (std::size_t p = 0; p < it.values.size(); p += 2) {  // no biases
      const Tensor<>& start = snapshots.front().values[p];
      now.alike.push_back(similarity(it.values[p].data(), start.data()));
      now.moved.push_back(
          static_cast<double>(distance(it.values[p], start)));
    }
    moments.push_back(std::move(now));
  }
  return moments;
}

// The random start from the next seed, with which our network has nothing
// in common.
inline Snapshot stranger_to(Experiment experiment) {
  ++experiment.settings.seed;
  Network<> network = fresh_network(experiment);
  return Recorder(network, {0}).snapshots().front();
}

// How similar (8.1) the first layer is to its start.
struct FirstLayerLikeness {
  std::vector<double> filters;  // filter by filter
  double strangers = 0;         // for comparison: the starts of two seeds
};

inline FirstLayerLikeness compute_likeness(const Snapshot& start,
                                           const Snapshot& end,
                                           const Snapshot& stranger) {
  const Tensor<>&first = start.values[0], &last = end.values[0];
  FirstLayerLikeness likeness;
  for (int co = 0; co < first.extent(0); ++co)
    likeness.filters.push_back(similarity(filter(last, co, 0).data(),
                                          filter(first, co, 0).data()));
  likeness.strangers = similarity(stranger.values[0].data(), first.data());
  return likeness;
}

// ---- Does the first layer matter? --------------------------------------

// Training runs from several seeds in which the first `frozen` parameters
// keep their values: the held-out accuracy of each.
struct FrozenRuns {
  std::ptrdiff_t frozen = 0;
  std::vector<double> accuracies;
};

// The same experiment with a seed that is larger by `offset`.
inline Experiment with_seed(Experiment experiment, int offset) {
  experiment.settings.seed += static_cast<std::uint64_t>(offset);
  return experiment;
}

// Trains once from each of `seeds` seeds, beginning with the experiment's
// own. `after_run` is called after each run.
inline FrozenRuns compute_frozen(
    const Split& digits, const Experiment& experiment,
    std::ptrdiff_t frozen, int seeds, const AfterStep& after_step = {},
    const std::function<void()>& after_run = {}) {
  FrozenRuns runs{frozen, {}};
  for (int i = 0; i < seeds; ++i) {
    const Experiment one = with_seed(experiment, i);
    FastNetwork network(digit_network, {1, 28, 28});
    start(network, one);
    Freezing optimizer(frozen, one.momentum);
    train_fast(network, optimizer, digits.train, one.settings, after_step);
    runs.accuracies.push_back(accuracy(network, digits.held_out));
    if (after_run) after_run();
  }
  return runs;
}

// The held-out accuracy of `network` with the first layer of `other`.
inline double accuracy_with_first_layer(Snapshot network,
                                        const Snapshot& other,
                                        const Dataset& held_out) {
  for (const std::size_t p : {0u, 1u})  // weight and bias
    network.values[p] = other.values[p];
  return accuracy(*network_at(network), held_out);
}

}  // namespace cnn
