// Two networks that differ in nothing but the order of their sums: when the
// first bit differs, and how far they drift apart.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "18-browser/other_order.hpp"
#include "18-browser/rounding.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// ---- How far apart -----------------------------------------------------

// All weights and biases of a network, one parameter after the other.
inline std::vector<float> numbers_of(Layer<>& network) {
  std::vector<float> numbers;
  for (const Parameter<>* parameter : network.parameters())
    numbers.insert(numbers.end(), parameter->value.data().begin(),
                   parameter->value.data().end());
  return numbers;
}

// Whether a step is shown on a logarithmic axis: each step up to 40, then
// steps that are about a twentieth apart, and the last.
inline bool is_shown(int step, int last) {
  int shown = 1;
  while (shown < step) shown += std::max(1, shown / 20);
  return shown == step || step == last;
}

// ---- Twins -------------------------------------------------------------

struct TwinSettings {
  Experiment experiment;
  int last_step = 0;           // 0: to the end of the run
  std::vector<int> kept = {};  // steps after which to keep the numbers
};

// The numbers_of() both networks after a step.
struct Pair {
  int step = 0;
  std::vector<float> one, other;
};

struct Twins {
  std::vector<Apart> drift;
  // The first step in whose batch the two networks chose differently; 0 if
  // none did, or if nobody looked.
  int first_choice = 0;
  std::vector<Pair> kept;
  // Of the held-out digits, at the end: the share that each network reads
  // correctly, and how many the two answer differently.
  std::array<double, 2> accuracy = {};
  int other_answers = 0;

  // The first step shown after which some number differs by more than
  // `size`; 0 if there is none.
  int first_beyond(double size) const {
    for (const Apart& now : drift)
      if (now.largest > size) return now.step;
    return 0;
  }
};

// Trains two networks side by side and watches how far they come apart.
// Before each step, chose_apart(batch) says whether they choose differently
// in its batch, until they do; it may be empty. go_on is called after every
// step but the last; false ends the training.
inline Twins train_twins(
    const TwinSettings& settings, const Split& digits, const Learner& one,
    const Learner& other,
    const std::function<bool(const Batch&)>& chose_apart,
    const AfterStep& go_on) {
  const Experiment& experiment = settings.experiment;
  const int last =
      settings.last_step > 0
          ? settings.last_step
          : training_steps(digits.train.size(), experiment.settings);
  Twins twins;
  const auto show = [&](const Pair& pair) {
    twins.drift.push_back(apart(pair.step, pair.one, pair.other));
  };
  const auto pair_after = [&](int step) {
    return Pair{step, numbers_of(one.network), numbers_of(other.network)};
  };
  const auto before_step = [&](const Batch& batch) {
    if (twins.first_choice > 0 || !chose_apart || !chose_apart(batch))
      return;
    twins.first_choice = batch.step;
    // This step is shown, and the one before it.
    if (!twins.drift.empty() && twins.drift.back().step < batch.step - 1)
      show(pair_after(batch.step - 1));
  };
  const auto after_step = [&](const TrainingStep& now) {
    const bool kept = std::count(settings.kept.begin(), settings.kept.end(),
                                 now.step) > 0;
    if (kept || twins.first_choice == now.step ||
        is_shown(now.step, last)) {
      Pair pair = pair_after(now.step);
      show(pair);
      if (kept) twins.kept.push_back(std::move(pair));
    }
    return now.step < last && go_on(now);
  };
  train_side_by_side(one, other, experiment, digits.train, before_step,
                     after_step);
  const Tensor<> scores = evaluate(one.network, digits.held_out),
                 others = evaluate(other.network, digits.held_out);
  twins.accuracy = {accuracy(scores, digits.held_out.labels),
                    accuracy(others, digits.held_out.labels)};
  twins.other_answers = changed_scores(scores, others).answers;
  return twins;
}

// Trains two networks that start alike. One adds up each batch as it comes,
// the other from its end. Both run on the portable kernels, so the result
// is the same on every CPU.
inline Twins compute_twins(const TwinSettings& settings,
                           const Split& digits, const AfterStep& go_on) {
  const Architecture& layers = settings.experiment.architecture;
  const FastOptions portable = {.isa = "portable"};
  FastNetwork one(layers, {1, 28, 28}, portable),
      other(layers, {1, 28, 28}, portable);
  start(one, settings.experiment);
  start(other, settings.experiment);
  bool looking = true;  // false once there are no choices
  const auto chose_apart = [&](const Batch& batch) {
    if (!looking) return false;
    const Tensor<> images = gathered(batch).images;
    const std::vector<int> choices = choices_of(one, layers, images);
    looking = !choices.empty();
    return choices != choices_of(other, layers, images);
  };
  return train_twins(settings, digits, {one, gradients_of(one)},
                     {other, gradients_from_the_end(other)}, chose_apart,
                     go_on);
}

}  // namespace cnn
