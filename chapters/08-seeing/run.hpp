// A training run with chapter 07's layers that is recorded and watched.
#pragma once

#include <iterator>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "06-training/live.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/live_filters.hpp"
#include "08-seeing/recorder.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Gives a network chapter 06's first numbers for a seed.
inline void start(FastNetwork& network, const Experiment& experiment) {
  Network<> fresh = fresh_network(experiment);
  copy_parameters(fresh, network);
}

// Sgd for all parameters but the first few, which stay as they are.
class Freezing : public Optimizer {
 public:
  Freezing(std::ptrdiff_t frozen, double momentum)
      : frozen_(frozen), sgd_(momentum) {}
  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) override {
    if (frozen_ < 0 || frozen_ > std::ssize(parameters))
      fail(Refusal::argument,
           "Freezing: expected 0 to " + std::to_string(parameters.size()) +
               " parameters that stay, got " + std::to_string(frozen_));
    sgd_.step({parameters.begin() + frozen_, parameters.end()},
              learning_rate);
  }

 private:
  std::ptrdiff_t frozen_;
  Sgd sgd_;
};

// What is left of a run.
struct Run {
  std::vector<Snapshot> snapshots;
  std::vector<TrainingStep> history;
};

// Trains from the first numbers on and takes snapshots at about `count`
// steps. On a terminal the first layer's filters are seen as they change.
inline Run record(Program& program, FastNetwork& network,
                  const Dataset& digits, const Experiment& experiment,
                  int count) {
  start(network, experiment);
  const int steps = training_steps(digits.size(), experiment.settings);
  Recorder recorder(network, recorded_steps(steps, count));
  Sgd sgd(experiment.momentum);
  LiveFilters live(*network.parameters().front());
  Progress progress("training", steps, "steps");
  Run run;
  run.history =
      train_fast(network, sgd, digits, experiment.settings,
                 [&](const TrainingStep& now) {
                   if (recorder.after(now.step)) live.show(now);
                   progress.update(now.step, format("loss %.2f", now.loss));
                   return !program.interrupted();
                 });
  run.snapshots = recorder.snapshots();
  return run;
}

}  // namespace cnn
