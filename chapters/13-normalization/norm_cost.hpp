// What batch normalization costs in training, in seconds.
// Book: book/13-normalization.md
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "06-training/initializer.hpp"
#include "07-speed/bench.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/measure.hpp"
#include "13-normalization/normalized_networks.hpp"

namespace cnn {

// A training step for one batch, without batch normalization and with one
// before each ReLU.
struct NormCost {
  double plain = 0, normalized = 0;  // seconds
  double share() const { return normalized / plain - 1; }
};

// Both in turns, the medians of so many rounds that each take about
// `seconds` for each.
inline NormCost compute_norm_cost(const Architecture& architecture,
                                  const Shape& image, int batch,
                                  const FastOptions& options, int rounds,
                                  double seconds) {
  const Dataset data = random_images(batch, image);
  const std::vector<int> images = count_up(batch);
  const auto loop = [&](auto network) -> std::function<void()> {
    Random random(1);
    initialize(*network, he_initializer(), random);
    auto sgd = std::make_shared<Sgd>(0.9);
    return [&, network, sgd, logits = Tensor<>()]() mutable {
      network->gradients({data, images}, logits);
      sgd->step(trained_parameters(*network), 1e-4);
    };
  };
  const std::vector<double> times = medians_in_turns(
      {loop(std::make_shared<FastNetwork>(architecture, image, options)),
       loop(std::make_shared<FastNetwork>(
           before_each_relu(architecture, BatchNorm{}), image, options))},
      rounds, seconds);
  return {times[0], times[1]};
}

}  // namespace cnn
