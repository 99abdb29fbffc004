// What the program of this chapter does again and again: train a fresh
// network under some settings and see how good it becomes.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "06-training/training.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// A network of chapter 05's kind, one dense layer, as an architecture.
inline const Architecture linear_network = {Flatten{},
                                            Dense{.outputs = 10}};

// All that can be chosen about one training run.
struct Experiment {
  Architecture architecture = digit_network;
  TrainingSettings settings;
  double momentum = 0.9;
  float initial_scale = 1.0f;
};

// Two dense layers with ReLU between them: no windows, no pooling.
inline const Architecture hidden_network = {Flatten{}, Dense{.outputs = 32},
                                            Relu{}, Dense{.outputs = 10}};

// The same run with chapter 05's layer, which starts from zeros.
inline Experiment with_one_dense_layer(Experiment experiment) {
  experiment.architecture = linear_network;
  experiment.initial_scale = 0.0f;
  return experiment;
}

// The weights of all layers that have some, first to last, without their
// biases.
inline std::vector<Parameter<>*> weights_of(Layer<>& network) {
  std::vector<Parameter<>*> weights;
  for (Parameter<>* parameter : network.parameters())
    if (parameter->fan_in > 0) weights.push_back(parameter);
  return weights;
}

// The weights of the last layer that has some. Throws a
// std::invalid_argument whose text begins with `where` if no layer has
// weights.
inline Parameter<>& last_weight_of(Layer<>& network,
                                   const std::string& where) {
  const std::vector<Parameter<>*> weights = weights_of(network);
  if (weights.empty())
    fail(Refusal::argument,
         where + ": expected a layer that learns, got none");
  return *weights.back();
}

// A fresh network with its starting numbers; the same seed gives the same
// ones. The weights of the last layer are divided by 10: the first scores
// are then nearly equal, and the first loss is near ln(classes).
// Throws std::invalid_argument if no layer has weights.
inline Network<> fresh_network(const Experiment& experiment) {
  Network<> network = build_network(experiment.architecture, {1, 28, 28});
  Random random(experiment.settings.seed);
  initialize(network, he_initializer(experiment.initial_scale), random);
  Parameter<>& last = last_weight_of(network, "fresh_network");
  for (float& number : last.value.data()) number *= 0.1f;
  return network;
}

// Trains a fresh network, and returns its accuracy on `test_on`.
inline double accuracy_after(const Experiment& experiment,
                             const Dataset& train_on,
                             const Dataset& test_on,
                             const AfterStep& after_step = {}) {
  Network<> network = fresh_network(experiment);
  Sgd sgd(experiment.momentum);
  train(network, sgd, train_on, experiment.settings, after_step);
  return accuracy(network, test_on);
}

// The typical size of some numbers: the root of the mean of their
// squares. Throws std::invalid_argument if there are none.
template <class T>
T root_mean_square(std::span<const T> numbers) {
  if (numbers.empty())
    fail(Refusal::argument,
         "root_mean_square: expected one number or more, got none");
  T sum = 0;
  for (const T number : numbers) sum += number * number;
  return std::sqrt(sum / static_cast<T>(numbers.size()));
}
inline double root_mean_square(const Tensor<>& tensor) {
  return static_cast<double>(root_mean_square<float>(tensor.data()));
}

// How far apart two tensors of one shape are: the root mean square of the
// differences of their numbers.
template <class T>
T distance(Tensor<T> a, const Tensor<T>& b) {
  require_shape(b.shape(), a.shape(), "distance", "the second tensor");
  for (std::size_t i = 0; i < b.data().size(); ++i)
    a.data()[i] -= b.data()[i];
  return root_mean_square<T>(a.data());
}

// Trains a fresh network for `steps` steps, or to the end of the run, and
// returns the mean loss of the last five of them. Throws what train()
// throws, and std::invalid_argument if there would be no step.
inline double loss_after(
    const Experiment& experiment, const Dataset& train_on, int steps,
    const std::function<void(const TrainingStep&)>& watch = {}) {
  if (steps < 1 || experiment.settings.epochs < 1)
    fail(Refusal::argument,
         "loss_after: expected 1 step or more and 1 epoch or more, got " +
             std::to_string(steps) + " and " +
             std::to_string(experiment.settings.epochs));
  Network<> network = fresh_network(experiment);
  Sgd sgd(experiment.momentum);
  const std::vector<TrainingStep> history =
      train(network, sgd, train_on, experiment.settings,
            [&](const TrainingStep& now) {
              if (watch) watch(now);
              return now.step < steps;
            });
  double sum = 0;
  const std::size_t last = std::min<std::size_t>(5, history.size());
  for (std::size_t i = history.size() - last; i < history.size(); ++i)
    sum += history[i].loss;
  return sum / static_cast<double>(last);
}

}  // namespace cnn
