// Trains networks of few and of many blocks at several rates, each from
// several seeds, and finds the rate that suits each best.
// Book: book/14-residual.md
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "06-training/choices.hpp"
#include "14-residual/block_networks.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// Chapter 06's settings, but four epochs, and with this seed and rate.
inline TrainingSettings block_settings(std::uint64_t seed, double rate) {
  TrainingSettings settings;
  settings.epochs = 4;
  settings.learning_rate = rate;
  settings.seed = seed;
  return settings;
}

// The shares that a trained network reads right; empty if training broke.
struct BlockRun {
  std::optional<double> own;       // of the digits that it learned from
  std::optional<double> held_out;  // of digits that it never saw
};

// Gives the network the initial weights of settings.seed, and trains it
// with a momentum of 0.9.
inline BlockRun train_blocks(FastNetwork& network, const Split& digits,
                             const TrainingSettings& settings,
                             const AfterStep& after_step = {}) {
  start_blocks(network, settings.seed);
  Sgd sgd(0.9);
  BlockRun run;
  run.own = unless_broken([&] {
    train_fast(network, sgd, digits.train, settings, after_step);
    return accuracy(network, digits.train);
  });
  if (run.own) run.held_out = accuracy(network, digits.held_out);
  return run;
}

// What is kept of one training: its results, and the network's parameters.
struct TrainedRun {
  std::uint64_t seed = 1;
  BlockRun run;
  std::vector<Tensor<>> values;

  // Copies the parameters to a network of the same layers.
  void copy_to(Layer<>& network) const {
    std::size_t p = 0;
    for (Parameter<>* it : network.parameters()) it->value = values.at(p++);
  }
};

// The trainings of one kind and depth at several rates.
struct DepthRuns {
  BlockNetwork network;
  std::vector<double> rates;
  std::vector<RunsMean> own, held_out;           // means, [rate]
  std::vector<std::vector<TrainedRun>> trained;  // [rate][seed]

  // The index of the rate at which the network best reads the digits that
  // it learned from, because to read those is what it was trained for.
  std::size_t best() const { return best_of_means(own); }
};

// Trains from `seeds` consecutive seeds, beginning with settings.seed, at
// each of `rates` in place of settings.learning_rate. Calls after_run after
// each training.
inline DepthRuns compute_depth_runs(
    const BlockNetwork& it, const Split& digits,
    const TrainingSettings& settings, const std::vector<double>& rates,
    int seeds, const AfterStep& after_step = {},
    const std::function<void()>& after_run = {}) {
  DepthRuns runs{it, rates, {}, {}, {}};
  FastNetwork network(block_network(it), {1, 28, 28});
  for (const double rate : rates) {
    TrainingSettings now = settings;
    now.learning_rate = rate;
    std::vector<std::optional<double>> own, held_out;
    std::vector<TrainedRun>& trained = runs.trained.emplace_back();
    for (int i = 0; i < seeds; ++i, ++now.seed) {
      const BlockRun run = train_blocks(network, digits, now, after_step);
      own.push_back(run.own);
      held_out.push_back(run.held_out);
      trained.push_back({now.seed, run, {}});
      for (const Parameter<>* one : network.parameters())
        trained.back().values.push_back(one->value);
      if (after_run) after_run();
    }
    runs.own.push_back(mean_of_runs(own));
    runs.held_out.push_back(mean_of_runs(held_out));
  }
  return runs;
}

}  // namespace cnn
