// How many seconds batch normalization costs in training.
// Book: book/13-normalization.md
#pragma once

#include <vector>

#include "06-training/initializer.hpp"
#include "07-speed/bench.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/measure.hpp"
#include "13-normalization/normalized_networks.hpp"

namespace cnn {

// The time of one training step, without batch normalization and with one
// before each ReLU.
struct NormCost {
  double plain = 0, normalized = 0;  // seconds
  // By how much the second is longer, as a share of the first.
  double share() const { return normalized / plain - 1; }
};

// Times both in turns. Each time is the median of `rounds` rounds, which
// take about `seconds` each.
inline NormCost compute_norm_cost(const Architecture& architecture,
                                  const Shape& image, int batch,
                                  const FastOptions& options, int rounds,
                                  double seconds) {
  const Dataset data = random_images(batch, image);
  const auto initialized = [](FastNetwork& network) -> FastNetwork& {
    Random random(1);
    initialize(network, he_initializer(), random);
    return network;
  };
  FastNetwork plain(architecture, image, options),
      normalized(before_each_relu(architecture, BatchNorm{}), image,
                 options);
  TrainingLoop learn_plain(initialized(plain), data),
      learn_normalized(initialized(normalized), data);
  const std::vector<double> times = medians_in_turns(
      {[&] { learn_plain(); }, [&] { learn_normalized(); }}, rounds,
      seconds);
  return {times[0], times[1]};
}

}  // namespace cnn
