// A training run with chapter 07's layers that is recorded and watched.
#pragma once

#include <iterator>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "06-training/live.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/freezing.hpp"
#include "08-seeing/live_filters.hpp"
#include "08-seeing/recorder.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

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
