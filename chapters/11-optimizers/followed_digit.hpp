// One digit that no network learns from, and what a network thinks of it
// after each of its first steps with one optimizer or another.
// Book: book/11-optimizers.md
#pragma once

#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "07-speed/fast_training.hpp"
#include "11-optimizers/by_hand.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// One run. probabilities[t] is the probability that the network gives to
// the digit's true class after t steps; probabilities[0] is before the
// first step.
struct FollowedDigit {
  std::string name;  // of the optimizer
  double rate = 0;
  std::vector<double> probabilities;
};

// Trains for `steps` steps at a constant rate, and follows held-out digit
// number `image`. All runs of the same experiment start from the same
// weights and see the same batches.
// Throws std::invalid_argument if there is no such image, or for fewer than
// one step.
inline FollowedDigit compute_followed_digit(const Split& digits,
                                            Experiment experiment,
                                            const NamedOptimizer& named,
                                            double rate, int image,
                                            int steps) {
  const Dataset& data = digits.held_out;
  require_image(data, image, "compute_followed_digit");
  if (steps < 1)
    fail(Refusal::argument,
         "compute_followed_digit: expected one step or more, got " +
             std::to_string(steps));
  experiment.settings.epochs = steps;  // enough: each has a step or more
  experiment.settings.schedule = constant_schedule;
  experiment.settings.learning_rate = rate;
  const Dataset one = subset(data, std::vector{image});
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  FollowedDigit run{named.name, rate, {}};
  const auto look = [&] {
    run.probabilities.push_back(static_cast<double>(
        softmax(evaluate(network, one))(0, one.labels[0])));
  };
  look();
  const auto optimizer = named.make();
  train_fast(network, *optimizer, digits.train, experiment.settings,
             [&](const TrainingStep& now) {
               look();
               return now.step < steps;
             });
  return run;
}

}  // namespace cnn
