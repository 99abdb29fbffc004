// Ways to go on after a training run was killed: with all of its state, or
// with a part.
// Book: book/16-saving.md
#pragma once

#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "07-speed/fast_training.hpp"
#include "16-saving/checkpoint.hpp"
#include "16-saving/safetensors.hpp"

namespace cnn {

// Goes on from a checkpoint to the run's end and returns the new steps.
// `velocities`: whether to restore them. `epochs_done`: whether to restore
// their number; if not, the epochs left are trained as a new, shorter run.
inline std::vector<TrainingStep> go_on(const Checkpoint& from,
                                       FastNetwork& network,
                                       bool velocities, bool epochs_done,
                                       const Dataset& train_on,
                                       TrainingSettings settings,
                                       const AfterStep& after_step) {
  load_parameters(from.parameters, network, "go_on");
  Sgd sgd(from.recipe.momentum);
  if (velocities) sgd.restore(from.state);
  if (epochs_done)
    settings.epochs_done = from.epochs_done;
  else
    settings.epochs -= from.epochs_done;
  return train_fast(network, sgd, train_on, settings, after_step);
}

// The bytes of a checkpoint's file.
inline std::string checkpoint_bytes(Layer<>& network, const Sgd& sgd,
                                    const NetworkPlan& plan,
                                    const Experiment& experiment,
                                    int epochs_done) {
  Checkpoint it;
  it.plan = plan;
  it.epochs_done = epochs_done;
  it.parameters = file_of(network, plan);
  it.state = sgd.state();
  it.recipe.epochs = experiment.settings.epochs;
  it.recipe.seed = experiment.settings.seed;
  return safetensors_bytes(file_of(it));
}

// Trains a run that is killed after every epoch and goes on each time with
// its weights and, if asked to, its velocities and its count of epochs.
// Without this count, each epoch has the order and the learning rates of
// the first. Returns all the steps, numbered as those of one run.
inline std::vector<TrainingStep> killed_every_epoch(
    FastNetwork& network, const Experiment& experiment, bool velocities,
    bool epochs_done, const Dataset& train_on,
    const AfterStep& after_step) {
  start(network, experiment);
  TrainingSettings settings = experiment.settings;
  const int per_epoch =
      training_steps(train_on.size(), settings) / settings.epochs;
  std::vector<TrainingStep> steps;
  bool stopped = false;
  Sgd sgd(experiment.momentum);
  for (int epoch = 0; epoch < settings.epochs && !stopped; ++epoch) {
    if (!velocities) sgd.restore({});
    settings.epochs_done = epochs_done ? epoch : 0;
    const int last = (settings.epochs_done + 1) * per_epoch;
    for (TrainingStep now : train_fast(network, sgd, train_on, settings,
                                       [&](const TrainingStep& it) {
                                         stopped = !after_step(it);
                                         return !stopped && it.step < last;
                                       })) {
      if (!epochs_done) now.step += epoch * per_epoch;
      steps.push_back(now);
    }
  }
  return steps;
}

}  // namespace cnn
