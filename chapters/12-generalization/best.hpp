// Chapter 12's best network: a deeper one, trained with all the remedies
// that helped, and without any normalization inside.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "07-speed/timed_training.hpp"
#include "11-optimizers/optimizer.hpp"
#include "12-generalization/remedies.hpp"

namespace cnn {

// Five convolutions and a last dense layer, before which best_network()
// puts the dropout.
inline const Architecture best_layers = {
    Convolution{.channels = 16, .kernel = 3, .padding = 1},
    Relu{},
    Convolution{.channels = 16, .kernel = 3, .padding = 1},
    Relu{},
    MaxPool{{.window = 2, .stride = 2}},
    Convolution{.channels = 32, .kernel = 3, .padding = 1},
    Relu{},
    Convolution{.channels = 32, .kernel = 3, .padding = 1},
    Relu{},
    MaxPool{{.window = 2, .stride = 2}},
    Convolution{.channels = 32, .kernel = 3, .padding = 1},
    Relu{},
    Flatten{},
    Dense{.outputs = 10},
};

// The settings, chosen by how well they did on the digits kept back.
struct BestRecipe {
  int epochs = 12, batch = 64;
  double rate = 0.08, momentum = 0.9;
  Remedy remedy = {
      .name = "best",
      .decay = 0.0005,
      .smoothing = 0.05,
      .dropout = 0.3,
      .change = {.shift = 2, .turn = 10, .scale = 0.1, .slant = 0.15}};
  std::uint64_t seed = 1;
};

// The recipe for `digits` training digits. If there are few, each is seen
// more often, because there is time for it.
inline BestRecipe best_recipe(int digits) {
  BestRecipe recipe;
  if (digits < 20000) recipe.epochs = 40;
  return recipe;
}

// The remedies with each of the four left out in turn, and with all left
// out. Each is named after what is left out.
inline std::vector<Remedy> one_left_out(const Remedy& all) {
  Remedy decay = all, smoothing = all, dropout = all, change = all, none;
  decay.name = "weight decay", decay.decay = 0;
  smoothing.name = "label smoothing", smoothing.smoothing = 0;
  dropout.name = "dropout", dropout.dropout = 0;
  change.name = "changed digits", change.change = {};
  none.name = "all four";
  return {decay, smoothing, dropout, change, none};
}

// How many of `digits` training digits are kept back as a validation set.
inline int kept_back(int digits) {
  return std::min(5000, digits / 8);
}

// Keeps the last training digits back. The test set is the held-out digits.
inline ThreeSets best_sets(const Split& digits) {
  const int kept = kept_back(digits.train.size());
  return {first(digits.train, digits.train.size() - kept),
          last(digits.train, kept), digits.held_out};
}

inline std::unique_ptr<FastNetwork> best_network(const BestRecipe& recipe,
                                                 int threads) {
  auto network = std::make_unique<FastNetwork>(
      with_dropout(best_layers, recipe.remedy.dropout, recipe.seed),
      Shape{1, 28, 28}, FastOptions{.threads = threads});
  Experiment experiment;
  experiment.architecture = best_layers;
  experiment.settings.seed = recipe.seed;
  start(*network, experiment);
  return network;
}

inline void train_best(FastNetwork& network, const Dataset& training,
                       const BestRecipe& recipe,
                       const AfterStep& after_step = {}) {
  TrainingSettings settings;
  settings.epochs = recipe.epochs;
  settings.batch = recipe.batch;
  settings.learning_rate = recipe.rate;
  settings.schedule = long_warm_up;
  settings.seed = recipe.seed;
  settings.loss = smoothed_loss(recipe.remedy.smoothing);
  settings.hand_out = augmented(recipe.remedy.change, recipe.seed);
  Decaying optimizer(std::make_unique<Nesterov>(recipe.momentum),
                     recipe.remedy.decay);
  train_fast(network, optimizer, training, settings, after_step);
}

}  // namespace cnn
