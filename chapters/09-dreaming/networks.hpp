// The network that this chapter asks, and those that are shown what it
// dreams. They are trained as in chapter 06, but with chapter 07's kernels,
// which takes a second instead of a minute.
// Book: book/09-dreaming.md
#pragma once

#include <cstdint>
#include <memory>

#include "06-training/experiments.hpp"
#include "07-speed/fast_network.hpp"
#include "07-speed/fast_training.hpp"

namespace cnn {

// An untrained network with the first numbers that chapter 06 draws for the
// same experiment.
inline std::unique_ptr<FastNetwork> untrained_network(
    const Experiment& experiment) {
  auto network = std::make_unique<FastNetwork>(experiment.architecture,
                                               Shape{1, 28, 28});
  Network<> fresh = fresh_network(experiment);
  copy_parameters(fresh, *network);
  return network;
}

// Trains a fresh network on the digits; the same experiment gives the same
// network. Throws what train_fast() throws.
inline std::unique_ptr<FastNetwork> trained_network(
    const Dataset& digits, const Experiment& experiment,
    const AfterStep& after_step = {}) {
  auto network = untrained_network(experiment);
  Sgd sgd(experiment.momentum);
  train_fast(*network, sgd, digits, experiment.settings, after_step);
  return network;
}

// The witness and the dense layer judge what the asked network dreams. The
// untrained network has the asked one's first numbers, and it dreams, too.
struct Networks {
  std::unique_ptr<FastNetwork> asked, witness, dense, untrained;
};

// How the three trained networks are trained.
struct NetworkExperiments {
  Experiment asked, witness, dense;
};

// The witness differs from the asked network in its seed alone, so in its
// first numbers and in the order of the digits. The dense layer is chapter
// 05's classifier, which starts at 0.
inline NetworkExperiments network_experiments(std::uint64_t seed,
                                              int epochs) {
  NetworkExperiments all;
  for (Experiment* it : {&all.asked, &all.witness, &all.dense}) {
    it->settings.seed = seed;
    it->settings.epochs = epochs;
  }
  all.witness.settings.seed = seed + 1;
  all.dense.architecture = linear_network;
  all.dense.initial_scale = 0.0f;
  return all;
}

}  // namespace cnn
