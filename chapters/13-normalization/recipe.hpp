// What the chapters so far achieve together on all of MNIST: one network,
// one optimizer, one schedule, and pictures that are changed at every step.
// Book: book/13-normalization.md
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "10-initialization/starts.hpp"
#include "11-optimizers/optimizer.hpp"
#include "12-generalization/augmentation.hpp"
#include "12-generalization/soft_targets.hpp"
#include "12-generalization/weight_decay.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// Settings from published practice, checked on the 5,000 training digits
// that are kept back, never on the test set.
struct MnistRecipe {
  int width = 20, epochs = 12, batch = 128;  // width: see recipe_network()
  double peak = 0.15;                        // the highest learning rate
  double momentum = 0.9, decay = 5e-4, smoothing = 0.05, dropout = 0.3;
  std::uint64_t seed = 1;
  Augmentation changes = {
      .shift = 2, .turn = 10, .scale = 0.1, .slant = 0.15};
};

// The share of a run in which one_cycle() rises.
inline constexpr double rising_share = 0.2;

// One cycle (Smith and Topin 2017), as a share of the peak rate: up from 0
// along half a wave of the cosine for the first fifth of the run, then down
// to 0 along another. progress: from 0 to 1
inline double one_cycle(double progress) {
  const auto half_wave = [](double share) {
    const auto angle = static_cast<float>(3.14159265358979 * share);
    return 0.5 * (1.0 - static_cast<double>(std::cos(angle)));
  };
  return progress < rising_share
             ? half_wave(progress / rising_share)
             : half_wave((1.0 - progress) / (1.0 - rising_share));
}

// Five convolutions of 3 x 3 that keep the size of their maps, each
// followed by batch normalization, with w, w, 2w, 2w and 2w channels, where
// w is the recipe's width. A pool follows the second and the fourth.
inline NormalizedArchitecture recipe_network(const MnistRecipe& it) {
  NormalizedArchitecture layers;
  const auto convolution = [&](int channels) {
    layers.push_back(
        Convolution{.channels = channels, .kernel = 3, .padding = 1});
    layers.push_back(BatchNorm{});
    layers.push_back(Relu{});
  };
  const auto pool = [&] {
    layers.push_back(MaxPool{{.window = 2, .stride = 2}});
  };
  convolution(it.width);
  convolution(it.width);
  pool();
  convolution(2 * it.width);
  convolution(2 * it.width);
  pool();
  convolution(2 * it.width);
  layers.push_back(Flatten{});
  layers.push_back(Dropout{it.dropout, it.seed});
  layers.push_back(Dense{.outputs = 10});
  return layers;
}

// train: to learn from; kept: to judge settings by; test: to be read once,
// when everything is decided.
struct KeptBack {
  Dataset train, kept, test;
};

// Keeps back the last `kept` training digits; the held-out ones are `test`.
// Throws std::invalid_argument unless at least 1 is kept and 1 remains.
inline KeptBack keep_back(const Split& digits, int kept) {
  const int all = digits.train.size();
  if (kept < 1 || kept >= all)
    fail(Refusal::argument,
         "keep_back: expected 1 to " + std::to_string(all - 1) +
             " digits to keep back, got " + std::to_string(kept));
  return {first(digits.train, all - kept), last(digits.train, kept),
          digits.held_out};
}

// Initializes a network built from recipe_network() and trains it by the
// recipe. Returns the numbers of every step.
inline std::vector<TrainingStep> follow_recipe(
    FastNetwork& network, const MnistRecipe& it, const Dataset& train_on,
    const AfterStep& after_step = {}) {
  Random random(it.seed);
  initialize(network.plain(), he_initializer(), random);
  for (float& number :
       last_weight_of(network, "follow_recipe").value.data())
    number *= 0.1f;
  Decaying optimizer(std::make_unique<Nesterov>(it.momentum), it.decay);
  TrainingSettings settings;
  settings.epochs = it.epochs;
  settings.batch = it.batch;
  settings.learning_rate = it.peak;
  settings.schedule = one_cycle;
  settings.seed = it.seed;
  settings.hand_out = augmented(it.changes, it.seed);
  settings.loss = smoothed_loss(it.smoothing);
  return train_fast(network, optimizer, train_on, settings, after_step);
}

}  // namespace cnn
