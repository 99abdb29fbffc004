// A training run in parts: it can be stopped after any epoch and resumed,
// and ends in the same bits as a run in one go.
// Book: book/16-saving.md
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "06-training/initializer.hpp"
#include "06-training/sgd.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_training.hpp"
#include "11-optimizers/named_optimizers.hpp"
#include "12-generalization/named_augmentations.hpp"
#include "12-generalization/soft_targets.hpp"
#include "12-generalization/weight_decay.hpp"
#include "14-residual/measured_blocks.hpp"
#include "16-saving/checkpoint.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The checksum FNV-1a of 64 bits, fed with whole numbers instead of bytes.
// Lists that differ have different checksums, unless somebody has gone to
// the trouble of making them equal.
class Checksum {
 public:
  void add(std::uint64_t number) {
    sum_ = (sum_ ^ number) * 0x100000001b3u;
  }
  void add(std::span<const float> numbers) {  // their bits
    for (const float number : numbers)
      add(std::uint64_t{std::bit_cast<std::uint32_t>(number)});
  }
  std::string text() const {  // 16 hexadecimal digits
    std::string digits;
    for (int digit = 15; digit >= 0; --digit)
      digits += "0123456789abcdef"[sum_ >> (4 * digit) & 15u];
    return digits;
  }

 private:
  std::uint64_t sum_ = 0xcbf29ce484222325u;
};

// The checksum of a data set's pictures and labels, which is the same
// whether the pictures are kept as bytes or as floats.
inline std::string checksum_of(const Dataset& data) {
  Checksum sum;
  for (const int extent : data.shape())
    sum.add(static_cast<std::uint64_t>(extent));
  std::vector<float> room(
      static_cast<std::size_t>(row_major_strides(data.shape())[0]));
  for (int n = 0; n < data.size(); ++n) sum.add(pixels_of(data, n, room));
  for (const int label : data.labels)
    sum.add(static_cast<std::uint64_t>(label));
  return sum.text();
}

// Chapter 06's cosine_schedule in plain arithmetic, which every machine
// rounds alike, while std::cos differs in the last bit between libraries.
// It uses (1 + cos(pi - a)) / 2 = sin(a / 2)^2 and the sine's series.
inline double portable_cosine_schedule(double progress) {
  if (progress < warm_up_share) return progress / warm_up_share;
  const double left = (1.0 - progress) / (1.0 - warm_up_share);  // 1 ... 0
  const double x = 3.14159265358979 / 2.0 * left;                // a / 2
  return sine_of(x) * sine_of(x);
}

// The settings of a recipe's run that goes on after `epochs_done` epochs.
inline TrainingSettings settings_of(const Recipe& recipe, int epochs_done) {
  TrainingSettings settings;
  settings.epochs = recipe.epochs;
  settings.batch = recipe.batch;
  settings.learning_rate = recipe.learning_rate;
  settings.schedule = schedule_of(recipe.schedule);
  if (recipe.isa == "portable") {  // the same bits everywhere: no std::cos
    if (recipe.schedule == "cosine")
      settings.schedule = portable_cosine_schedule;
    if (recipe.schedule == "falling")
      settings.schedule = [](double progress) {
        return portable_cosine_schedule(after_warm_up(progress));
      };
  }
  settings.seed = recipe.seed;
  if (recipe.augment != "none")
    settings.hand_out = augmented(
        named_in(named_augmentations(), recipe.augment, "settings_of")
            .changes,
        recipe.seed);
  if (recipe.smoothing != 0)
    settings.loss = smoothed_loss(recipe.smoothing);
  settings.epochs_done = epochs_done;
  return settings;
}

// The recipe's optimizer, with weight decay if the recipe has any.
inline std::unique_ptr<Optimizer> optimizer_of(const Recipe& recipe) {
  auto optimizer = optimizer_of(recipe.optimizer, recipe.momentum);
  if (recipe.decay == 0) return optimizer;
  return std::make_unique<Decaying>(std::move(optimizer), recipe.decay);
}

// The layers of a network that is to be trained: each dropout layer has a
// seed of its own, derived from the run's.
inline SavedArchitecture layers_of(const NetworkPlan& plan,
                                   std::uint64_t seed) {
  return with_own_masks(plan.architecture, seed * 1000003u);
}

// The state in which a run begins: weights drawn by the recipe's start, and
// those of the last layer a tenth as large. images (N, C, H, W): some of
// the training images, the first few of which a measured start needs.
// Throws what build_network() throws.
inline Checkpoint first_checkpoint(const NetworkPlan& plan,
                                   const Recipe& recipe,
                                   const Tensor<>& images = {}) {
  const NamedStart& start =
      named_in(named_starts(), recipe.start, "first_checkpoint");
  Network<> network = build_network(plan.architecture, plan.image);
  Random random(recipe.seed);
  begin_with(start, network, images, random, 0.1f,
             [&](Network<>& drawn, const Tensor<>& some) {
               measured_blocks(plan.architecture, drawn, some);
             });
  return {plan, recipe, 0, file_of(network, plan), {}};
}

// Throws std::runtime_error that begins with `name` unless `state` is one
// that this optimizer can have for these parameters.
inline void require_state(const std::string& optimizer,
                          const std::vector<Tensor<>>& state,
                          const std::vector<Parameter<>*>& parameters,
                          const std::string& name) {
  const OptimizerKind* kind = find_named(optimizer_kinds(), optimizer);
  if (!kind || !fits_optimizer(*kind, state, parameters))
    fail(Refusal::runtime,
         name + ": the optimizer's state does not fit the network");
}

// Throws std::runtime_error that begins with `name` unless this CPU can run
// the kernels that the run began with.
inline void require_kernels(const Recipe& recipe, const std::string& name) {
  bool runs = recipe.isa == "auto";
  for (const Kernels* kernels : all_kernels())
    runs = runs || (recipe.isa == kernels->name && kernels->runs());
  if (!runs)
    fail(Refusal::runtime, name + ": the run has the instruction set '" +
                               recipe.isa +
                               "', which this CPU does not run");
}

// Trains from the checkpoint `at` to the end of the run. Brings `at` up to
// date after each epoch and then calls after_epoch with the steps so far,
// so that it can save `at`. Stops early if after_step returns false, and
// returns the steps. Throws std::runtime_error that begins with `name` if
// `at` does not fit the network, and what train() throws.
inline std::vector<TrainingStep> train_from(
    Checkpoint& at, FastNetwork& network, const Dataset& data,
    const std::string& name, const AfterStep& after_step,
    const std::function<void(const std::vector<TrainingStep>&)>&
        after_epoch) {
  load_parameters(at.parameters, network, name);
  require_state(at.recipe.optimizer, at.state, trained_parameters(network),
                name);
  const auto optimizer = optimizer_of(at.recipe);
  optimizer->restore(at.state);
  std::vector<TrainingStep> history;
  const TrainingSettings settings = settings_of(at.recipe, at.epochs_done);
  const int per_epoch =
      training_steps(data.size(), settings) / std::max(settings.epochs, 1);
  return train_fast(network, *optimizer, data, settings,
                    [&](const TrainingStep& now) {
                      history.push_back(now);
                      if (now.step % per_epoch == 0) {
                        at.epochs_done = now.epoch;
                        at.parameters = file_of(network, at.plan);
                        at.state = optimizer->state();
                        after_epoch(history);
                      }
                      return after_step(now);
                    });
}

}  // namespace cnn
