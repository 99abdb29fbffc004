// The network at chosen steps of its training: copies of its parameters,
// from which everything else can be computed afterwards.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Chooses about `count` steps from 0, before the first step, to `last`: at
// first every step, then fewer and fewer, because a network learns most in
// its first steps. There are fewer if `last` is too small for `count`.
// Throws std::invalid_argument for last < 1 or count < 2.
inline std::vector<int> recorded_steps(int last, int count) {
  if (last < 1 || count < 2)
    fail(Refusal::argument,
         "recorded_steps: expected a last step of 1 or more and 2 or more "
         "records, got " +
             std::to_string(last) + " and " + std::to_string(count));
  std::vector<int> steps = {0, 1};
  while (steps.back() < last) {
    const int left = count - static_cast<int>(steps.size());
    if (left <= 1) {
      steps.push_back(last);
      break;
    }
    // The ratio of steps that would reach `last` with the records left.
    const float ratio = std::pow(
        static_cast<float>(last) / static_cast<float>(steps.back()),
        1.0f / static_cast<float>(left));
    const long next = std::lround(static_cast<float>(steps.back()) * ratio);
    steps.push_back(
        std::clamp(static_cast<int>(next), steps.back() + 1, last));
  }
  return steps;
}

// Copies of all parameters, in the order of Layer::parameters(), after a
// step.
struct Snapshot {
  int step = 0;
  std::vector<Tensor<>> values;
};

// Takes snapshots of a network while it is trained, without changing it.
class Recorder {
 public:
  // Takes the snapshot of step 0 at once, if it is among `steps`. The
  // network must outlive the recorder.
  Recorder(Layer<>& network, std::vector<int> steps)
      : parameters_(network.parameters()), steps_(std::move(steps)) {
    after(0);
  }

  // To be called after each step. Returns whether it took a snapshot.
  bool after(int step) {
    if (std::find(steps_.begin(), steps_.end(), step) == steps_.end())
      return false;
    Snapshot now{step, {}};
    for (const Parameter<>* it : parameters_)
      now.values.push_back(it->value);
    snapshots_.push_back(std::move(now));
    return true;
  }

  const std::vector<Snapshot>& snapshots() const { return snapshots_; }

 private:
  std::vector<Parameter<>*> parameters_;
  std::vector<int> steps_;
  std::vector<Snapshot> snapshots_;
};

// A new network with the parameters of a snapshot.
// Throws std::invalid_argument if they do not fit the architecture.
inline std::unique_ptr<FastNetwork> network_at(
    const Snapshot& snapshot,
    const Architecture& architecture = digit_network) {
  auto network =
      std::make_unique<FastNetwork>(architecture, Shape{1, 28, 28});
  const std::vector<Parameter<>*> parameters = network->parameters();
  if (parameters.size() != snapshot.values.size())
    fail(Refusal::argument,
         "network_at: expected " + std::to_string(parameters.size()) +
             " parameters, got " + std::to_string(snapshot.values.size()));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    require_shape(snapshot.values[i].shape(), parameters[i]->value.shape(),
                  "network_at", parameters[i]->name);
    parameters[i]->value = snapshot.values[i];
  }
  return network;
}

// Trains a fresh network and takes snapshots at about `count` of its steps.
// `watch` is called after each step, with the snapshot of that step or, if
// none was taken, a null pointer. The training ends when it returns false.
using Watch = std::function<bool(const TrainingStep&, const Snapshot*)>;
inline std::vector<Snapshot> compute_snapshots(const Dataset& digits,
                                               const Experiment& experiment,
                                               int count,
                                               const Watch& watch) {
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  const int steps = training_steps(digits.size(), experiment.settings);
  Recorder recorder(network, recorded_steps(steps, count));
  Sgd sgd(experiment.momentum);
  train_fast(network, sgd, digits, experiment.settings,
             [&](const TrainingStep& now) {
               const bool taken = recorder.after(now.step);
               return watch(now,
                            taken ? &recorder.snapshots().back() : nullptr);
             });
  return recorder.snapshots();
}

// Chooses `count` moments (all if there are fewer), evenly spread from the
// first to the last. Throws std::invalid_argument for fewer than 2.
template <class Moment>
std::vector<Moment> some_of(const std::vector<Moment>& all,
                            std::size_t count) {
  count = std::min(count, all.size());
  if (count < 2)
    fail(Refusal::argument, "some_of: expected 2 moments or more, got " +
                                std::to_string(count));
  std::vector<Moment> some;
  for (std::size_t i = 0; i < count; ++i)
    some.push_back(all[i * (all.size() - 1) / (count - 1)]);
  return some;
}

// The last snapshot and every other one before it.
inline std::vector<Snapshot> every_other(const std::vector<Snapshot>& all) {
  std::vector<Snapshot> some;
  for (std::size_t i = 1 - all.size() % 2; i < all.size(); i += 2)
    some.push_back(all[i]);
  return some;
}

// How similar two lists of numbers are, however large the numbers: 1 if
// they have the same direction, 0 if they have nothing in common or one is
// all 0, -1 if they are opposite. This is the cosine of the angle between
// them:
//   similarity = sum a b / sqrt(sum a^2 sum b^2)                     (8.1)
// Throws std::invalid_argument unless they are equally long.
inline double similarity(std::span<const float> a,
                         std::span<const float> b) {
  if (a.size() != b.size())
    fail(Refusal::argument,
         "similarity: expected " + std::to_string(a.size()) +
             " numbers, got " + std::to_string(b.size()));
  float ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  const float size = std::sqrt(aa * bb);
  return size > 0 ? static_cast<double>(ab / size) : 0;
}

}  // namespace cnn
