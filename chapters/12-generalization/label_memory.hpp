// How much a network can learn by heart, in bits.
// Book: book/12-generalization.md
#pragma once

#include <cmath>
#include <variant>

#include "12-generalization/random_labels.hpp"

namespace cnn {

// How many random labels of how many classes a network learned, how many
// weights it has, and its score on those labels.
struct LabelMemory {
  int labels = 0, classes = 10, weights = 0;
  SetScore learned;

  // What the network knows of the labels. A random label among K classes
  // is worth log2(K) bits, and the loss, in bits, is what the network does
  // not know of it. For N labels:
  //   bits = N (log2(K) - loss / ln(2))                            (12.1)
  double bits() const {
    const auto whole =
        static_cast<double>(std::log2(static_cast<float>(classes)));
    const double ln2 = 0.6931471805599453;
    return labels * (whole - learned.loss / ln2);  // (12.1)
  }
  double bits_per_weight() const { return bits() / weights; }
};

// Chapter 06's network with `parts` quarters of its channels, and a dense
// network that has nearly as many weights as chapter 06's.
inline Architecture narrow_network(int parts) {
  Architecture layers = digit_network;
  for (auto& entry : layers)
    if (auto* convolution = std::get_if<Convolution>(&entry))
      convolution->channels = convolution->channels * parts / 4;
  return layers;
}
inline const Architecture nine_cells = {Flatten{}, Dense{.outputs = 9},
                                        Relu{}, Dense{.outputs = 10}};

// Gives the images random labels, and trains a network on them.
inline LabelMemory compute_label_memory(const Dataset& images,
                                        const Experiment& experiment,
                                        const AfterStep& after_step = {}) {
  const Dataset learn =
      with_random_labels(images, experiment.settings.seed);
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  Sgd sgd(experiment.momentum);
  train_fast(network, sgd, learn, experiment.settings, after_step);
  return {learn.size(), learn.classes, parameter_count(network),
          score_of(evaluate(network, learn), learn.labels)};
}

}  // namespace cnn
