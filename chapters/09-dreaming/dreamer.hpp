// The network that this chapter asks: chapter 06's, trained as there, by
// chapter 07's kernels, in a second and not in a minute.
#pragma once

#include <memory>

#include "06-training/experiments.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/fast_training.hpp"

namespace cnn {

// Trains a fresh network on the digits; the same experiment gives the same
// network. Throws what train_fast() throws.
inline std::unique_ptr<FastNetwork> trained_network(
    const Dataset& digits, const Experiment& experiment,
    const AfterStep& after_step = {}) {
  auto network = std::make_unique<FastNetwork>(experiment.architecture,
                                               Shape{1, 28, 28});
  start(*network, experiment);
  Sgd sgd(experiment.momentum);
  train_fast(*network, sgd, digits, experiment.settings, after_step);
  return network;
}

}  // namespace cnn
