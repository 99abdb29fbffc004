// What the network is measured against: simpler answers to the same digits.
// Book: book/06-training.md
#pragma once

#include "05-softmax/linear_classifier.hpp"
#include "06-training/experiments.hpp"
#include "06-training/scoring.hpp"

namespace cnn {

// Accuracies on the held-out digits.
struct Baselines {
  double commonest = 0.0;       // always the commonest digit
  double mean_image = 0.0;      // the nearest mean image
  double linear = 0.0;          // chapter 05: one dense layer
  double linear_in_loop = 0.0;  // the same layer, in this chapter's loop
  double hidden = 0.0;          // two dense layers, in the same loop
};

inline Baselines compute_baselines(const Split& digits,
                                   const Experiment& experiment) {
  const Dataset& test = digits.held_out;
  Baselines found;
  found.commonest = commonest_class_accuracy(digits.train, test);
  found.mean_image =
      accuracy(nearest_mean_scores(test.images, mean_images(digits.train)),
               test.labels);
  const LinearClassifier linear =
      train_linear(digits.train, {.seed = experiment.settings.seed});
  found.linear = accuracy(scores(linear, test.images), test.labels);
  found.linear_in_loop =
      accuracy_after(with_one_dense_layer(experiment), digits.train, test);
  Experiment two_layers = experiment;
  two_layers.architecture = hidden_network;
  found.hidden = accuracy_after(two_layers, digits.train, test);
  return found;
}

}  // namespace cnn
