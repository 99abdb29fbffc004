// Weights whose size does not matter: if a normalization follows, only the
// direction of a filter affects the output, and its length affects only how
// fast a step turns it.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The sum, in double, of the products of corresponding numbers of two
// tensors of one shape.
template <class T>
double inner_product(const Tensor<T>& a, const Tensor<T>& b) {
  require_shape(b.shape(), a.shape(), "inner_product", "the second tensor");
  double sum = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i)
    sum +=
        static_cast<double>(a.data()[i]) * static_cast<double>(b.data()[i]);
  return sum;
}

// A network whose first layer's weights were multiplied by `factor`: its
// loss, the length of the gradient of these weights, and the cosine of the
// angle between the weights and that gradient.
struct ScaledWeights {
  double factor = 1, loss = 0, gradient_size = 0, cosine = 0;
};

// One result for each factor, computed in double and in training mode.
// Throws std::invalid_argument if no layer of the network has weights.
template <class List>
std::vector<ScaledWeights> compute_scaled_weights(
    const NormRun<List>& run, const Dataset& batch,
    const std::vector<double>& factors) {
  std::vector<ScaledWeights> all;
  for (const double factor : factors) {
    Network<double> network = doubled(run);
    Parameter<double>& weight = *network.parameters().at(0);
    for (double& number : weight.value.data()) number *= factor;
    const Tensor<double> logits =
        network.forward(convert<double>(batch.images), Mode::training);
    network.backward(cross_entropy_backward(logits, batch.labels), false);
    const double size =
                     std::sqrt(inner_product(weight.value, weight.value)),
                 gradient_size = std::sqrt(
                     inner_product(weight.gradient, weight.gradient));
    all.push_back({factor, cross_entropy(logits, batch.labels),
                   gradient_size,
                   inner_product(weight.value, weight.gradient) /
                       (size * gradient_size)});
  }
  return all;
}

// How the squared length of a parameter grows in a run without momentum,
// and how it would by Pythagoras, if each step were at a right angle to the
// parameter: each then adds the square of its own length (13.10).
struct WeightGrowth {
  std::string name;
  std::vector<double> squares;     // squares[k]: after k steps
  std::vector<double> pythagoras;  // the same if all angles were right
  std::vector<double> rates;       // learning rate / square before the step
  double largest_cosine = 0;  // of parameter and gradient, in magnitude
};

// Trains the run's network and watches number `which` of its parameters.
// Throws std::invalid_argument unless the run's momentum is 0.
template <class List>
WeightGrowth compute_weight_growth(const NormRun<List>& run,
                                   const Dataset& data, std::size_t which,
                                   const AfterStep& after_step = {}) {
  if (run.momentum != 0)
    fail(Refusal::argument,
         "compute_weight_growth: expected plain steps, got momentum " +
             std::to_string(run.momentum));
  StartedNetwork network(run);
  const Parameter<>& weight = *network.parameters().at(which);
  WeightGrowth growth;
  growth.name = weight.name;
  Tensor<> before = weight.value;
  growth.squares = growth.pythagoras = {inner_product(before, before)};
  Sgd sgd;
  train_fast(
      network, sgd, data, run.settings, [&](const TrainingStep& now) {
        const double length =
                         inner_product(weight.gradient, weight.gradient),
                     last = growth.squares.back();
        growth.rates.push_back(now.learning_rate / last);
        growth.pythagoras.push_back(growth.pythagoras.back() +
                                    now.learning_rate * now.learning_rate *
                                        length);
        growth.largest_cosine =
            std::max(growth.largest_cosine,
                     std::abs(inner_product(before, weight.gradient)) /
                         std::sqrt(last * std::max(length, 1e-300)));
        before = weight.value;
        growth.squares.push_back(inner_product(before, before));
        return !after_step || after_step(now);
      });
  return growth;
}

}  // namespace cnn
