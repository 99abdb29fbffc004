// A training run that is measured after every epoch.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "06-training/experiments.hpp"

namespace cnn {

// What was measured at the end of an epoch.
struct EpochRecord {
  int epoch = 0, step = 0;
  double learning_rate = 0.0;  // of the epoch's last step
  double seconds = 0.0;
  double loss = 0.0, accuracy = 0.0;  // means over the epoch's batches
  double held_out_loss = 0.0, held_out_accuracy = 0.0;
};

// What a run leaves for all that comes after it.
struct Trained {
  Network<> network;
  Tensor<> first_filters;  // before training
  std::vector<TrainingStep> history;
  std::vector<EpochRecord> epochs;
};

// The mean over one epoch of a number that each step has.
inline double mean_of_epoch(const std::vector<TrainingStep>& history,
                            int epoch, double TrainingStep::*number) {
  double sum = 0;
  int count = 0;
  for (const TrainingStep& now : history)
    if (now.epoch == epoch) {
      sum += now.*number;
      ++count;
    }
  return sum / std::max(count, 1);
}

// The record of the epoch that the run's last step so far belongs to, all
// but the time.
inline EpochRecord compute_epoch(Trained& run, const Dataset& held_out) {
  const TrainingStep& now = run.history.back();
  const Tensor<> logits = evaluate(run.network, held_out);
  EpochRecord record;
  record.epoch = now.epoch;
  record.step = now.step;
  record.learning_rate = now.learning_rate;
  record.loss = mean_of_epoch(run.history, now.epoch, &TrainingStep::loss);
  record.accuracy =
      mean_of_epoch(run.history, now.epoch, &TrainingStep::accuracy);
  record.held_out_loss =
      static_cast<double>(cross_entropy(logits, held_out.labels));
  record.held_out_accuracy = accuracy(logits, held_out.labels);
  return record;
}

// What is called during a run, where it is given: after_step, which may end
// the run; after_epoch; and look_inside, which may ask the network
// something, once before the first step (as step 0) and after each step.
struct TrainingWatch {
  AfterStep after_step;
  std::function<void(const EpochRecord&)> after_epoch;
  std::function<void(const TrainingStep&, Layer<>&)> look_inside = {};
};

// Trains a fresh network and measures it after each epoch, and also when
// the run is ended early.
inline Trained compute_training(const Experiment& experiment,
                                const Split& digits,
                                const TrainingWatch& watch = {}) {
  const auto start = std::chrono::steady_clock::now();
  Trained run;
  run.network = fresh_network(experiment);
  run.first_filters = run.network.parameters().front()->value;
  Sgd sgd(experiment.momentum);
  if (watch.look_inside) watch.look_inside({}, run.network);
  const auto after_step = [&](const TrainingStep& now) {
    run.history.push_back(now);
    if (watch.look_inside) watch.look_inside(now, run.network);
    const bool go_on = !watch.after_step || watch.after_step(now);
    const int per_epoch = now.steps / experiment.settings.epochs;
    if (now.step % per_epoch == 0 || !go_on) {
      EpochRecord record = compute_epoch(run, digits.held_out);
      record.seconds = std::chrono::duration<double>(
                           std::chrono::steady_clock::now() - start)
                           .count();
      run.epochs.push_back(record);
      if (watch.after_epoch) watch.after_epoch(record);
    }
    return go_on;
  };
  train(run.network, sgd, digits.train, experiment.settings, after_step);
  return run;
}

// Whether the first epoch brought more than half of all that a run gained
// over guessing (a tenth of the digits).
inline bool half_at_once(const std::vector<EpochRecord>& epochs) {
  const double guessing = 0.1;
  return epochs.size() > 1 &&
         epochs.front().held_out_accuracy - guessing >
             (epochs.back().held_out_accuracy - guessing) / 2;
}

}  // namespace cnn
