// Chapter 04's gradient check for a whole network.
// Book: book/06-training.md
#pragma once

#include <cmath>
#include <cstdint>

#include "04-backprop/gradient_check.hpp"
#include "05-softmax/softmax.hpp"
#include "06-training/network.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Checks the gradients of digit_network, with random weights, on a few
// images: a sample of each parameter's numbers against central differences
// in double. Returns the largest relative error.
inline double check_whole_network(const Dataset& few, std::uint64_t seed,
                                  std::size_t most_per_parameter = 20) {
  if (most_per_parameter == 0)
    fail(Refusal::argument,
         "check_whole_network: expected a sample of 1 number or more");
  Network<double> network =
      build_network<double>(digit_network, {1, 28, 28});
  Random random(seed);
  for (Parameter<double>* parameter : network.parameters())
    for (double& number : parameter->value.data())
      number = 0.1 * static_cast<double>(random.normal());
  const Tensor<double> images = convert<double>(few.images);
  const auto loss = [&] {
    return cross_entropy(network.forward(images, Mode::training),
                         few.labels);
  };
  const Tensor<double> logits = network.forward(images, Mode::training);
  network.backward(cross_entropy_backward(logits, few.labels), false);
  const double h = 1e-5;
  double worst = 0;
  for (Parameter<double>* parameter : network.parameters()) {
    const auto value = parameter->value.data();
    for (std::size_t i = 0; i < value.size();
         i += 1 + value.size() / most_per_parameter) {
      const double x = value[i];
      value[i] = x + h;
      const double above = loss();
      value[i] = x - h;
      const double below = loss();
      value[i] = x;
      const double error = max_relative_error(
          Tensor<double>({1}, parameter->gradient.data()[i]),
          Tensor<double>({1}, (above - below) / (2 * h)));
      if (error > worst || std::isnan(error)) worst = error;
    }
  }
  return worst;
}

}  // namespace cnn
