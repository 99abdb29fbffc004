// Labels that mean nothing, learned all the same.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "07-speed/fast_training.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The same images, each with a random label that its picture does not give
// away. About one in ten is right by chance.
inline Dataset with_random_labels(Dataset data, std::uint64_t seed) {
  Random random(seed + 0x6c6162656c73u);  // other draws than the weights'
  for (int& label : data.labels) label = random.below(data.classes);
  return data;
}

// The same images, but a random share of them get a label that is certain
// to be wrong: one of the other classes, at random.
// Throws std::invalid_argument unless 0 <= share <= 1, or if the share is
// above 0 and there is only one class.
inline Dataset with_wrong_labels(Dataset data, double share,
                                 std::uint64_t seed) {
  if (!(share >= 0 && share <= 1) || (share > 0 && data.classes < 2))
    fail(Refusal::argument,
         "with_wrong_labels: expected a share from 0 to 1 and two classes "
         "or more, got " +
             std::to_string(share) + " and " +
             std::to_string(data.classes));
  Random random(seed + 0x77726f6e67u);
  std::vector<int> order = random.permutation(data.size());
  order.resize(static_cast<std::size_t>(share * data.size() + 0.5));
  for (const int n : order) {
    int& label = data.labels[static_cast<std::size_t>(n)];
    label = (label + 1 + random.below(data.classes - 1)) % data.classes;
  }
  return data;
}

// A network's results on a set: the share that it reads right, and the mean
// loss.
struct SetScore {
  double right = 0, loss = 0;
};

inline SetScore score_of(const Tensor<>& logits,
                         const std::vector<int>& labels) {
  return {accuracy(logits, labels),
          static_cast<double>(cross_entropy(logits, labels))};
}

// The scores after an epoch, on the digits learned from and on those held
// out.
struct EpochScore {
  int epoch = 0;
  SetScore learned, held_out;
};

// Called after each epoch with the network and with the logits (N, classes)
// that it gives to the held-out digits.
using AfterEpoch = std::function<void(int epoch, FastNetwork& network,
                                      const Tensor<>& held_out_logits)>;

// The first epoch after which every taught label was known; empty if there
// was none.
inline std::optional<int> by_heart_after(
    const std::vector<EpochScore>& epochs) {
  for (const EpochScore& it : epochs)
    if (it.learned.right == 1) return it.epoch;
  return std::nullopt;
}

// Trains until every label has once been answered as it was taught and at
// least `least` epochs have passed, but for settings.epochs at most. The
// result begins with epoch 0, before the first step, and after_epoch is
// called for it, too.
inline std::vector<EpochScore> compute_learning_by_heart(
    const Dataset& learn, const Dataset& held_out,
    const Experiment& experiment, int least,
    const AfterStep& after_step = {}, const AfterEpoch& after_epoch = {}) {
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  std::vector<EpochScore> epochs;
  const auto look = [&](int epoch) {
    const Tensor<> logits = evaluate(network, held_out);
    epochs.push_back({epoch,
                      score_of(evaluate(network, learn), learn.labels),
                      score_of(logits, held_out.labels)});
    if (after_epoch) after_epoch(epoch, network, logits);
    return epoch < least || !by_heart_after(epochs);
  };
  look(0);
  Sgd sgd(experiment.momentum);
  const int per_epoch = training_steps(learn.size(), experiment.settings) /
                        std::max(experiment.settings.epochs, 1);
  train_fast(network, sgd, learn, experiment.settings,
             [&](const TrainingStep& now) {
               if (after_step && !after_step(now)) return false;
               return now.step % per_epoch != 0 || look(now.epoch);
             });
  return epochs;
}

}  // namespace cnn
