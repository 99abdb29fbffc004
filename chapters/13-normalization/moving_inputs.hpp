// Measures two claims about normalization: how far the inputs of every
// layer move from step to step, and how soon a gradient is out of date.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "06-training/training.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "13-normalization/probe_norm.hpp"
#include "13-normalization/weight_scale.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// ---- How far the inputs move -------------------------------------------

// The mean and the deviation of each channel that enters each ReLU, for
// some images in training mode at step `step`: [relu][channel]. The values
// of the network's parameters are left as they were.
inline std::vector<std::vector<Spread>> relu_inputs(Network<>& network,
                                                    const Tensor<>& images,
                                                    int step) {
  const PutBackAtEnd kept(network);
  std::vector<std::vector<Spread>> all;
  Tensor<> signal = images;
  for (std::size_t i = 0; i < network.size(); ++i) {
    if (network.name(i).rfind("relu", 0) == 0)
      all.push_back(channel_spreads(signal));
    signal = network.layer(i).forward(signal, Mode{true, step});
  }
  return all;
}

// How far a typical channel's mean moved between two results of
// relu_inputs(), in units of that channel's deviation before: the median
// over the channels of all layers, or 0 if there are none.
inline double typical_move(const std::vector<std::vector<Spread>>& before,
                           const std::vector<std::vector<Spread>>& after) {
  std::vector<double> moves;
  for (std::size_t l = 0; l < before.size(); ++l)
    for (std::size_t c = 0; c < before[l].size(); ++c)
      moves.push_back(
          static_cast<double>(
              std::abs(after[l][c].mean - before[l][c].mean)) /
          std::max(static_cast<double>(before[l][c].deviation), 1e-12));
  if (moves.empty()) return 0;
  std::nth_element(
      moves.begin(),
      moves.begin() + static_cast<std::ptrdiff_t>(moves.size() / 2),
      moves.end());
  return moves[moves.size() / 2];
}

// The accuracy after a run, and the mean of typical_move() over some of its
// steps. Neither has a value if the training broke.
struct MovedRun {
  std::optional<double> accuracy, move;
};

// Trains the run's network and measures one step in every `every`, on the
// first 32 training images. `asked` returns the accuracy of the trained
// network. Throws std::invalid_argument if `every` is below 2.
template <class List>
MovedRun compute_moved_run(const NormRun<List>& run, const Split& digits,
                           int every,
                           const std::function<double(FastNetwork&)>& asked,
                           const AfterStep& after_step = {}) {
  if (every < 2)
    fail(Refusal::argument,
         "compute_moved_run: expected a look every 2 steps or more, got " +
             std::to_string(every));
  MovedRun found;
  found.accuracy = unless_broken([&] {
    StartedNetwork network(run);
    const Tensor<> probe = first(digits.train, 32).images;
    std::vector<std::vector<Spread>> before;
    double sum = 0;
    int moves = 0;
    Sgd sgd(run.momentum);
    train_fast(network, sgd, digits.train, run.settings,
               [&](const TrainingStep& now) {
                 if (now.step % every <= 1) {
                   auto after =
                       relu_inputs(network.plain(), probe, now.step);
                   if (now.step % every == 1 && now.step > 1) {
                     sum += typical_move(before, after);
                     ++moves;
                   }
                   before = std::move(after);
                 }
                 return !after_step || after_step(now);
               });
    found.move = sum / std::max(moves, 1);
    return asked(network);
  });
  if (!found.accuracy) found.move.reset();
  return found;
}

// ---- How soon a gradient is out of date --------------------------------

// The gradients of all trained parameters, joined in one row.
inline std::vector<double> all_gradients(Layer<>& network) {
  std::vector<double> row;
  for (const Parameter<>* it : trained_parameters(network))
    for (const float number : it->gradient.data())
      row.push_back(static_cast<double>(number));
  return row;
}

// The cosine of the angle between two vectors; 0 if one of them is 0.
inline double cosine_of(const std::vector<double>& a,
                        const std::vector<double>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

// What a step of a given length against the gradient of a batch does to the
// gradient and the loss of that batch.
struct TrialStep {
  double length = 0;     // of the step, as a share of the weights' length
  double cosine = 0;     // of the gradients before and after the step
  double loss_left = 0;  // the loss after it / the loss before
};

// Trains the run's network. Every `every` steps it tries a step of each of
// `lengths` against the gradient of the first 256 images, which moves all
// trained parameters, and takes it back. Returns the means for each length.
// Throws std::invalid_argument if `every` is below 1.
template <class List>
std::vector<TrialStep> compute_out_of_date(
    const NormRun<List>& run, const Dataset& data,
    const std::vector<double>& lengths, int every,
    const AfterStep& after_step = {}) {
  if (every < 1)
    fail(Refusal::argument,
         "compute_out_of_date: expected a look every step or more, got " +
             std::to_string(every));
  StartedNetwork network(run);
  std::vector<TrialStep> all;
  for (const double length : lengths) all.push_back({length, 0, 0});
  const std::vector<int> images = count_up(std::min(256, data.size()));
  int moments = 0;
  Sgd sgd(run.momentum);
  train_fast(
      network, sgd, data, run.settings, [&](const TrainingStep& now) {
        if (now.step % every != 0) return !after_step || after_step(now);
        ++moments;
        const KeptValues kept(network);
        const auto look = [&](double& loss) {
          Tensor<> logits;
          loss = network.gradients({data, images, now.step}, logits);
          return all_gradients(network);
        };
        double before = 0;
        const std::vector<double> gradient = look(before);
        double weights = 0, slope = 0;
        for (const Parameter<>* it : weights_of(network))
          weights += inner_product(it->value, it->value);
        for (const double number : gradient) slope += number * number;
        for (TrialStep& it : all) {
          kept.put_back();
          const auto rate = static_cast<float>(
              it.length * std::sqrt(weights / std::max(slope, 1e-300)));
          std::size_t i = 0;
          for (Parameter<>* parameter : trained_parameters(network))
            for (float& number : parameter->value.data())
              number -= rate * static_cast<float>(gradient[i++]);
          double after = 0;
          it.cosine += cosine_of(gradient, look(after));
          it.loss_left += after / before;
        }
        kept.put_back();
        return !after_step || after_step(now);
      });
  for (TrialStep& it : all) {
    it.cosine /= std::max(moments, 1);
    it.loss_left /= std::max(moments, 1);
  }
  return all;
}

}  // namespace cnn
