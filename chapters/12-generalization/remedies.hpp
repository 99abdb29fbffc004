// Remedies against learning by heart, and what each of them is worth.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "07-speed/fast_training.hpp"
#include "12-generalization/augmentation.hpp"
#include "12-generalization/dropout.hpp"
#include "12-generalization/dropout_slice.hpp"
#include "12-generalization/mirror.hpp"
#include "12-generalization/soft_targets.hpp"
#include "12-generalization/weight_decay.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// Three sets that have no digit in common: the digits that the network
// learns from, those that its settings are chosen by, and those that it is
// judged by.
struct ThreeSets {
  Dataset training, validation, test;
};

// Takes `count` digits to learn from and as many to choose by, both from
// digits.train, or half of these each if there are fewer. The test set is
// the held-out digits.
inline ThreeSets three_sets(const Split& digits, int count) {
  count = std::min(count, digits.train.size() / 2);
  std::vector<int> next = count_up(2 * count);
  next.erase(next.begin(), next.begin() + count);
  return {first(digits.train, count), subset(digits.train, next),
          digits.held_out};
}

// One remedy or several together, each with its strength: the decay of
// (12.5), s of (12.6), the dropout's p. 0 leaves a remedy out.
struct Remedy {
  std::string name;
  double decay = 0, smoothing = 0, dropout = 0;
  Augmentation change = {};
  bool half_mirrored = false;
};

// The results of a trained network.
struct RemedyResult {
  double accuracy = 0, loss = 0;  // on the test digits
  double on_training = 0;         // accuracy on the training digits
  int epoch = 0;                  // after which it had these weights
  Tensor<> logits;                // (N, classes), for the test digits
};

inline RemedyResult measured_result(Layer<>& network, const ThreeSets& sets,
                                    int epoch) {
  RemedyResult end;
  end.epoch = epoch;
  end.on_training = accuracy(network, sets.training);
  end.logits = evaluate(network, sets.test);
  end.accuracy = accuracy(end.logits, sets.test.labels);
  end.loss =
      static_cast<double>(cross_entropy(end.logits, sets.test.labels));
  return end;
}

// The same layers with a dropout before the last one, unless p is 0.
inline DroppingArchitecture with_dropout(const Architecture& layers,
                                         double p, std::uint64_t seed) {
  auto list = widened<DroppingArchitecture>(layers);
  if (p > 0) list.insert(list.end() - 1, Dropout{p, seed});
  return list;
}

// A network with its initial weights, ready to learn with a remedy.
inline std::unique_ptr<FastNetwork> network_for(
    const Remedy& remedy, const Experiment& experiment) {
  auto network = std::make_unique<FastNetwork>(
      with_dropout(experiment.architecture, remedy.dropout,
                   experiment.settings.seed),
      Shape{1, 28, 28});
  start(*network, experiment);
  return network;
}

inline void train_with(FastNetwork& network, const Remedy& remedy,
                       const Dataset& training,
                       const Experiment& experiment,
                       const AfterStep& after_step) {
  TrainingSettings settings = experiment.settings;
  if (remedy.smoothing > 0) settings.loss = smoothed_loss(remedy.smoothing);
  if (!(remedy.change == Augmentation{}))
    settings.hand_out = augmented(remedy.change, settings.seed);
  if (remedy.half_mirrored)
    settings.hand_out = half_mirrored(settings.seed);
  Decaying optimizer(std::make_unique<Sgd>(experiment.momentum),
                     remedy.decay);
  train_fast(network, optimizer, training, settings, after_step);
}

inline RemedyResult compute_remedy(const Remedy& remedy,
                                   const Experiment& experiment,
                                   const ThreeSets& sets,
                                   const AfterStep& after_step = {}) {
  const auto network = network_for(remedy, experiment);
  train_with(*network, remedy, sets.training, experiment, after_step);
  return measured_result(*network, sets, experiment.settings.epochs);
}

// ---- Early stopping ----------------------------------------------------

// One run without a remedy: its network at the end, and as it was after the
// epoch with the lowest loss, or the highest accuracy, on the validation
// digits.
struct StoppedRuns {
  RemedyResult end, by_loss, by_accuracy;
};

// Keeps the weights of the best epoch so far; of equal ones, the first.
class BestWeights {
 public:
  // score: the higher, the better; NaN is never the best
  void offer(double score, int epoch, Layer<>& network) {
    if (std::isnan(score) || (epoch_ > 0 && score <= score_)) return;
    score_ = score;
    epoch_ = epoch;
    weights_.clear();
    for (const Parameter<>* it : network.parameters())
      weights_.push_back(it->value);
  }
  // Puts the weights back into the network and returns their epoch. Returns
  // 0 and leaves the network as it is if none were offered.
  int restore(Layer<>& network) const {
    const auto parameters = network.parameters();
    for (std::size_t p = 0; p < weights_.size(); ++p)
      parameters[p]->value = weights_[p];
    return epoch_;
  }

 private:
  double score_ = 0;
  int epoch_ = 0;
  std::vector<Tensor<>> weights_;
};

inline StoppedRuns compute_stopped(const Experiment& experiment,
                                   const ThreeSets& sets,
                                   const AfterStep& after_step = {}) {
  const auto network = network_for({}, experiment);
  BestWeights least_loss, most_right;
  const auto watch = [&](const TrainingStep& now) {
    if (now.step % (now.steps / experiment.settings.epochs) == 0) {
      const Tensor<> logits = evaluate(*network, sets.validation);
      const auto& labels = sets.validation.labels;
      least_loss.offer(-static_cast<double>(cross_entropy(logits, labels)),
                       now.epoch, *network);
      most_right.offer(accuracy(logits, labels), now.epoch, *network);
    }
    return !after_step || after_step(now);
  };
  train_with(*network, {}, sets.training, experiment, watch);
  StoppedRuns runs;
  runs.end = measured_result(*network, sets, experiment.settings.epochs);
  runs.by_loss =
      measured_result(*network, sets, least_loss.restore(*network));
  runs.by_accuracy =
      measured_result(*network, sets, most_right.restore(*network));
  return runs;
}

// ---- Mirrors -----------------------------------------------------------

// The shares of the test digits that are read right, as they are and
// mirrored.
struct MirrorResult {
  double as_they_are = 0, mirrored = 0;
};

// half_mirrored: whether half of the training pictures are mirrored
inline MirrorResult compute_mirrored(bool half_mirrored,
                                     const Experiment& experiment,
                                     const ThreeSets& sets,
                                     const AfterStep& after_step = {}) {
  Remedy remedy;
  remedy.half_mirrored = half_mirrored;
  const auto network = network_for(remedy, experiment);
  train_with(*network, remedy, sets.training, experiment, after_step);
  return {accuracy(*network, sets.test),
          accuracy(*network, mirrored(sets.test))};
}

// ---- The table's remedies ----------------------------------------------

inline constexpr Augmentation shifted_only = {.shift = 2};
inline constexpr Augmentation turned_and_scaled = {
    .shift = 2, .turn = 10, .scale = 0.1};
inline constexpr Augmentation turned_and_bent = {
    .shift = 2, .turn = 10, .scale = 0.1, .bend = 1};

// All remedies of the table, or those that show most.
inline std::vector<Remedy> table_remedies(bool all) {
  std::vector<Remedy> remedies = {
      {.name = "weight decay 0.005", .decay = 0.005},
      {.name = "weight decay 0.02", .decay = 0.02},
      {.name = "label smoothing 0.1", .smoothing = 0.1},
      {.name = "dropout 0.5", .dropout = 0.5},
      {.name = "shift", .change = shifted_only},
      {.name = "shift and dropout", .dropout = 0.5, .change = shifted_only},
      {.name = "shift, turn, scale", .change = turned_and_scaled},
      {.name = "shift, turn, scale, bend", .change = turned_and_bent}};
  if (all) return remedies;
  std::vector<Remedy> some;
  for (const std::size_t i : {1u, 2u, 3u, 4u, 7u})
    some.push_back(remedies[i]);
  return some;
}

// For each digit, whether it was read right. logits (N, classes)
inline std::vector<bool> right_answers(const Tensor<>& logits,
                                       const std::vector<int>& labels) {
  require_labels(logits, labels, "right_answers");
  std::vector<bool> right;
  for (std::size_t n = 0; n < labels.size(); ++n)
    right.push_back(answer(logits, static_cast<int>(n)) == labels[n]);
  return right;
}

}  // namespace cnn
