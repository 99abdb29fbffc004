// Training against the clock: accuracies and the seconds spent on steps.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "06-training/initializer.hpp"
#include "06-training/training_record.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/measure.hpp"

namespace cnn {

// Held-out accuracies, in percent, and when they were reached.
struct AccuracyCurve {
  std::vector<double> seconds, percent;
};

// A training run's accuracy against the seconds spent on its steps alone.
class Stopwatch {
 public:
  explicit Stopwatch(AccuracyCurve& curve) : curve_(curve) {}
  // Call at the end of a step. Returns whether the accuracy is due.
  bool stop(int step) {
    seconds_ += seconds_now() - begin_;
    return step == next_;
  }
  void look(double accuracy) {
    curve_.seconds.push_back(seconds_);
    curve_.percent.push_back(100 * accuracy);
    next_ = std::max(next_ + 1, next_ * 3 / 2);
  }
  void go() { begin_ = seconds_now(); }
  double seconds() const { return seconds_; }

 private:
  AccuracyCurve& curve_;
  double seconds_ = 0, begin_ = seconds_now();
  int next_ = 1;
};

struct TimedTraining {
  AccuracyCurve curve;
  std::vector<EpochRecord> epochs;  // without the training accuracy
  double seconds = 0;               // of training alone
  int steps = 0;                    // how many were taken
};

// Trains a network for most_steps steps at most. held_out_accuracy() has to
// return the accuracy of the network as it is then.
inline TimedTraining compute_timed_training(
    Layer<>& network, const Gradients& gradients,
    const Experiment& experiment, const Dataset& data, int most_steps,
    const std::function<double()>& held_out_accuracy,
    const AfterStep& after_step = {}) {
  TimedTraining run;
  std::vector<TrainingStep> history;
  Stopwatch watch(run.curve);
  Sgd sgd(experiment.momentum);
  const auto look = [&](const TrainingStep& now) {
    history.push_back(now);
    run.steps = now.step;
    const bool end =
        now.step % (now.steps / experiment.settings.epochs) == 0;
    if (watch.stop(now.step) || end || now.step == most_steps) {
      const double share = held_out_accuracy();
      watch.look(share);
      if (end) {
        EpochRecord record;
        record.epoch = now.epoch;
        record.step = now.step;
        record.learning_rate = now.learning_rate;
        record.seconds = watch.seconds();
        record.loss =
            mean_of_epoch(history, now.epoch, &TrainingStep::loss);
        record.held_out_accuracy = share;
        run.epochs.push_back(record);
      }
    }
    const bool go_on =
        (!after_step || after_step(now)) && now.step < most_steps;
    watch.go();
    return go_on;
  };
  train(network, gradients, sgd, data, experiment.settings, look);
  run.seconds = watch.seconds();
  return run;
}

// ---- All of MNIST ------------------------------------------------------

// A schedule: up in a straight line for the first fifth, then down to 0
// along half a wave of the cosine.
inline double long_warm_up(double progress) {
  if (progress < 0.2) return progress / 0.2;
  const auto angle =
      static_cast<float>(3.14159265358979 * (progress - 0.2) / 0.8);
  return 0.5 * (1.0 + static_cast<double>(std::cos(angle)));
}

// The settings for MNIST, chosen on 5,000 digits kept back from the 60,000.
inline TrainingSettings mnist_settings(int seed) {
  return {8, 64, 0.08, long_warm_up, static_cast<std::uint64_t>(seed), {}};
}

// The held-out accuracy of chapter 06's network after such a training.
inline double compute_mnist(const Split& digits,
                            const TrainingSettings& settings,
                            const FastOptions& options,
                            const AfterStep& after_step = {}) {
  FastNetwork network(digit_network, {1, 28, 28}, options);
  Random random(settings.seed);
  initialize(network, he_initializer(), random);
  Sgd sgd(0.9);
  train_fast(network, sgd, digits.train, settings, after_step);
  return accuracy(network, digits.held_out);
}

}  // namespace cnn
