// First right, then fast: compares a network's numbers with those of the
// plain loops in double precision.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// The largest difference between any number and the exact one, as a share
// of the largest magnitude of the exact ones.
inline double relative_error(const Tensor<>& got,
                             const Tensor<double>& exact) {
  double largest = 0;
  for (const double number : exact.data())
    largest = std::max(largest, std::abs(number));
  return max_abs_difference(convert<double>(got), exact) / largest;
}

// Gives every network that is compared or timed the same first weights.
inline void initialize_alike(Layer<>& network) {
  Random random(1);
  initialize(network, he_initializer(), random);
}

// One step of a network with fresh weights, in double precision.
struct ExactStep {
  Dataset some;
  Tensor<double> logits;
  std::vector<Tensor<double>> gradients;

  ExactStep(const Architecture& architecture, const Dataset& images)
      : some(images) {
    Network<> fresh = build_network(architecture, {1, 28, 28});
    Network<double> exact =
        build_network<double>(architecture, {1, 28, 28});
    initialize_alike(fresh);
    const auto from = fresh.parameters();
    const auto parameters = exact.parameters();
    for (std::size_t p = 0; p < parameters.size(); ++p)
      parameters[p]->value = convert<double>(from[p]->value);
    logits = exact.forward(convert<double>(some.images), Mode::training);
    exact.backward(cross_entropy_backward(logits, some.labels), false);
    for (const Parameter<double>* parameter : parameters)
      gradients.push_back(parameter->gradient);
  }
};

struct Difference {
  double logits = 0, gradients = 0;  // gradients: the worst parameter's
};

// network: of the same architecture. It is given the same weights.
inline Difference compute_difference(Layer<>& network,
                                     const ExactStep& exact) {
  initialize_alike(network);
  const Dataset& some = exact.some;
  const Tensor<> logits = network.forward(some.images, Mode::training);
  network.backward(cross_entropy_backward(logits, some.labels), false);
  Difference found{relative_error(logits, exact.logits), 0};
  const auto parameters = network.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p)
    found.gradients = std::max(
        found.gradients,
        relative_error(parameters[p]->gradient, exact.gradients[p]));
  return found;
}

}  // namespace cnn
