// First right, then fast: a network's numbers against those of the plain
// loops in double precision.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>

#include "05-softmax/softmax.hpp"
#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// The largest difference of any number from the exact one, as a share of
// the largest magnitude of the exact ones.
inline double share_off(const Tensor<>& got, const Tensor<double>& exact) {
  double largest = 0;
  for (const double number : exact.data())
    largest = std::max(largest, std::abs(number));
  return max_abs_difference(convert<double>(got), exact) / largest;
}

struct Difference {
  double logits = 0, gradients = 0;  // the worst parameter's
};

// network: of that architecture, in whatever way it computes. It gets fresh
// weights.
inline Difference compute_difference(Layer<>& network,
                                     const Architecture& architecture,
                                     const Dataset& some) {
  Random random(1);
  initialize(network, he_initializer(), random);
  Network<double> exact = build_network<double>(architecture, {1, 28, 28});
  const auto parameters = network.parameters();
  const auto exact_parameters = exact.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p)
    exact_parameters[p]->value = convert<double>(parameters[p]->value);
  const Tensor<double> expected =
      exact.forward(convert<double>(some.images), Mode::training);
  const Tensor<> logits = network.forward(some.images, Mode::training);
  exact.backward(cross_entropy_backward(expected, some.labels), false);
  network.backward(cross_entropy_backward(logits, some.labels), false);
  Difference found{share_off(logits, expected), 0};
  for (std::size_t p = 0; p < parameters.size(); ++p)
    found.gradients = std::max(
        found.gradients,
        share_off(parameters[p]->gradient, exact_parameters[p]->gradient));
  return found;
}

}  // namespace cnn
