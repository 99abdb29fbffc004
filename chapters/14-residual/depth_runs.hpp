// Networks of few and of many blocks, trained: at each rate, over several
// seeds, and each at the rate that suits it best.
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

// Four epochs over few digits, chapter 06's momentum and schedule.
inline TrainingSettings block_settings(std::uint64_t seed, double rate) {
  TrainingSettings settings;
  settings.epochs = 4;
  settings.learning_rate = rate;
  settings.seed = seed;
  return settings;
}

// The shares that a trained network reads right; neither if it broke.
struct BlockRun {
  std::optional<double> own;       // of the digits that it learned from
  std::optional<double> held_out;  // of others
};

// Starts and trains a network of this kind.
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

// What one training left: the shares, and the network's numbers.
struct TrainedRun {
  std::uint64_t seed = 1;
  BlockRun run;
  std::vector<Tensor<>> values;

  void give_to(Layer<>& network) const {
    std::size_t p = 0;
    for (Parameter<>* it : network.parameters()) it->value = values.at(p++);
  }
};

// One kind and depth at several rates.
struct DepthRuns {
  BlockNetwork network;
  std::vector<double> rates;
  std::vector<RunsMean> own, held_out;           // at each rate
  std::vector<std::vector<TrainedRun>> trained;  // at each, for each seed

  // The rate at which it reads its own digits best; that is what training
  // is for.
  std::size_t best() const { return best_of_means(own); }
};

// `after_run` is called after each training.
inline DepthRuns compute_depth_runs(
    const BlockNetwork& it, const Split& digits,
    const TrainingSettings& settings, const std::vector<double>& rates,
    int seeds, const AfterStep& after_step = {},
    const std::function<void()>& after_run = {}) {
  DepthRuns runs{it, rates, {}, {}, {}};
  FastNetwork network(block_network(it), {1, 28, 28});
  for (const double rate : rates) {
    TrainingSettings its = settings;
    its.learning_rate = rate;
    std::vector<std::optional<double>> own, held_out;
    std::vector<TrainedRun>& trained = runs.trained.emplace_back();
    for (int i = 0; i < seeds; ++i, ++its.seed) {
      const BlockRun run = train_blocks(network, digits, its, after_step);
      own.push_back(run.own);
      held_out.push_back(run.held_out);
      trained.push_back({its.seed, run, {}});
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
