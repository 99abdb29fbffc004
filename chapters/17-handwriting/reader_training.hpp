// The network that reads handwriting, and how it is trained.
// Book: book/17-handwriting.md
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "12-generalization/augmentation.hpp"
#include "12-generalization/soft_targets.hpp"
#include "12-generalization/weight_decay.hpp"
#include "16-saving/resuming.hpp"

namespace cnn {

// Changes like those between two people's versions of the same digit.
inline constexpr Augmentation reader_changes = {.shift = 1.5,
                                                .turn = 10,
                                                .scale = 0.12,
                                                .slant = 0.3,
                                                .squeeze = 0.6,
                                                .bend = 1,
                                                .thicker = 0.6,
                                                .thinner = 0.3};

// Chapter 06's settings, with changed pictures, weight decay and, if
// `smoothing` is not 0, smoothed labels. The defaults are those of the
// reader that comes with the book.
struct AugmentedTraining {
  int epochs = 100, batch = 32;
  double learning_rate = 0.05, momentum = 0.9, decay = 0.0005;
  std::uint64_t seed = 1;
  Augmentation augmentation = reader_changes;
  double smoothing = 0;
};

// Trains a network, starting from its current parameters, with every
// picture changed anew in every step. pictures (N, C, H, W)
inline std::vector<TrainingStep> train_augmented(
    FastNetwork& network, const Dataset& pictures,
    const AugmentedTraining& settings, const AfterStep& after_step = {}) {
  Decaying optimizer(std::make_unique<Sgd>(settings.momentum),
                     settings.decay);
  TrainingSettings training;
  training.epochs = settings.epochs;
  training.batch = settings.batch;
  training.learning_rate = settings.learning_rate;
  training.seed = settings.seed;
  training.hand_out = augmented(settings.augmentation, settings.seed);
  if (settings.smoothing != 0)
    training.loss = smoothed_loss(settings.smoothing);
  return train_fast(network, optimizer, pictures, training, after_step);
}

inline NetworkPlan reader_plan() {
  return {value_or_fail(
              parse_architecture(
                  "conv 24 5 pad 2, relu, maxpool 2, conv 48 5, relu, "
                  "maxpool 2, flatten, dense 128, relu, dense 10"),
              "reader_plan"),
          {1, 28, 28}};
}

// Trains a reader from chapter 06's initial values. network: built from
// `plan`. pictures (N, 1, 28, 28)
inline std::vector<TrainingStep> train_reader(
    FastNetwork& network, const Dataset& pictures,
    const AugmentedTraining& settings, const AfterStep& after_step = {},
    const NetworkPlan& plan = reader_plan()) {
  Recipe recipe;
  recipe.seed = settings.seed;
  load_parameters(first_checkpoint(plan, recipe).parameters, network,
                  "train_reader");
  return train_augmented(network, pictures, settings, after_step);
}

// How many pictures of a set a network reads right.
inline int right_count(Layer<>& network, const Dataset& data) {
  return static_cast<int>(
      std::lround(accuracy(network, data) * data.size()));
}

// The settings as metadata: all that is needed to repeat the training.
inline std::map<std::string, std::string> recipe_of(
    const AugmentedTraining& it) {
  const auto text = [](double number) {
    std::string digits = std::to_string(number);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return digits;
  };
  const Augmentation& change = it.augmentation;
  std::map<std::string, std::string> recipe = {
      {"data", "embedded"},
      {"epochs", std::to_string(it.epochs)},
      {"batch", std::to_string(it.batch)},
      {"learning_rate", text(it.learning_rate)},
      {"momentum", text(it.momentum)},
      {"schedule", "cosine"},
      {"decay", text(it.decay)},
      {"seed", std::to_string(it.seed)},
      {"augmentation",
       "shift " + text(change.shift) + ", turn " + text(change.turn) +
           ", scale " + text(change.scale) + ", slant " +
           text(change.slant) + ", squeeze " + text(change.squeeze) +
           ", bend " + text(change.bend) + ", thicker " +
           text(change.thicker) + ", thinner " + text(change.thinner)}};
  if (it.smoothing != 0) recipe["smoothing"] = text(it.smoothing);
  return recipe;
}

}  // namespace cnn
