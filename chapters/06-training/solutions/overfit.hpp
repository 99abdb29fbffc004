// One way to solve exercises/overfit.hpp.
#pragma once

#include "06-training/training.hpp"

namespace cnn {

inline int steps_until_known(Layer<>& network, Optimizer& optimizer,
                             const Dataset& images, double learning_rate,
                             int most_steps) {
  for (int steps = 0;; ++steps) {
    if (accuracy(evaluate(network, images), images.labels) == 1)
      return steps;
    if (steps == most_steps) return -1;
    double loss = 0;
    training_step(network, optimizer, images, learning_rate, loss);
  }
}

}  // namespace cnn
