// A training run in parts: it can be left after any epoch and taken up
// again, and ends in the same bits as one that was not.
// Book: book/16-saving.md
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "06-training/initializer.hpp"
#include "06-training/sgd.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "16-saving/checkpoint.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The checksum FNV-1a, 64 bits as 16 hexadecimal digits, of the pictures
// and labels of a data set: two sets that differ have two checksums, unless
// somebody has taken pains.
inline std::string checksum_of(const Dataset& data) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  const auto add = [&](std::uint64_t number) {
    sum = (sum ^ number) * 0x100000001b3u;
  };
  for (const int extent : data.images.shape())
    add(static_cast<std::uint64_t>(extent));
  for (const float level : data.images.data())
    add(std::bit_cast<std::uint32_t>(level));
  for (const int label : data.labels)
    add(static_cast<std::uint64_t>(label));
  std::string text;
  for (int digit = 15; digit >= 0; --digit)
    text += "0123456789abcdef"[sum >> (4 * digit) & 15u];
  return text;
}

inline TrainingSettings settings_of(const Recipe& recipe, int epochs_done) {
  TrainingSettings settings;
  settings.epochs = recipe.epochs;
  settings.batch = recipe.batch;
  settings.learning_rate = recipe.learning_rate;
  if (recipe.schedule == "constant") settings.schedule = constant_schedule;
  settings.seed = recipe.seed;
  settings.epochs_done = epochs_done;
  return settings;
}

// Where a run begins: chapter 06's first numbers, for any list of layers
// and any picture. Throws what build_network() throws.
inline Checkpoint first_checkpoint(const NetworkPlan& plan,
                                   const Recipe& recipe) {
  Network<> network = build_network(plan.architecture, plan.image);
  Random random(recipe.seed);
  initialize(network, he_initializer(), random);
  const std::vector<Parameter<>*> all = network.parameters();
  if (all.size() < 2)
    fail(Refusal::argument,
         "first_checkpoint: expected a layer that learns");
  for (float& number : all[all.size() - 2]->value.data()) number *= 0.1f;
  return {plan, recipe, 0, file_of(network, plan), {}};
}

// Throws std::runtime_error that begins with `name` unless the optimizer's
// state belongs to these parameters: none of it, or one of each shape.
inline void require_state(const std::vector<Tensor<>>& state,
                          const std::vector<Parameter<>*>& parameters,
                          const std::string& name) {
  bool fits = state.empty() || state.size() == parameters.size();
  for (std::size_t p = 0; fits && p < state.size(); ++p)
    fits = state[p].shape() == parameters[p]->value.shape();
  if (!fits)
    fail(Refusal::runtime,
         name + ": the optimizer's state does not fit the network");
}

// Trains a run's network to its end, from where `at` stands, and brings
// `at` up to date after each epoch, for after_epoch to keep. `name` begins
// what is said of a checkpoint that does not fit its own network. Throws
// what train() throws; returns its steps.
inline std::vector<TrainingStep> train_from(
    Checkpoint& at, FastNetwork& network, const Dataset& data,
    const std::string& name, const AfterStep& after_step,
    const std::function<void(const std::vector<TrainingStep>&)>&
        after_epoch) {
  load_parameters(at.parameters, network, name);
  require_state(at.state, network.parameters(), name);
  Sgd sgd(at.recipe.momentum);
  sgd.restore(at.state);
  std::vector<TrainingStep> history;
  const TrainingSettings settings = settings_of(at.recipe, at.epochs_done);
  const int per_epoch =
      training_steps(data.size(), settings) / std::max(settings.epochs, 1);
  return train_fast(network, sgd, data, settings,
                    [&](const TrainingStep& now) {
                      history.push_back(now);
                      if (now.step % per_epoch == 0) {
                        at.epochs_done = now.epoch;
                        at.parameters = file_of(network, at.plan);
                        at.state = sgd.state();
                        after_epoch(history);
                      }
                      return after_step(now);
                    });
}

}  // namespace cnn
