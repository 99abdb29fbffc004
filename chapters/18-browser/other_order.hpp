// The same training with its sums added up in another order: two networks
// side by side, and the choices that they make.
// Book: book/18-browser.md
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "04-backprop/backprop.hpp"
#include "07-speed/fast_training.hpp"

namespace cnn {

// ---- Another order -----------------------------------------------------

// Takes the images of each batch in reverse. The gradient of a batch is a
// sum over its images, so this is the same sum from the other end. The
// logits come back in the order of the batch.
inline Gradients from_the_end(Gradients gradients) {
  return [gradients = std::move(gradients)](const Batch& batch,
                                            Tensor<>& logits) {
    const std::vector<int> reversed(batch.images.rbegin(),
                                    batch.images.rend());
    Tensor<> other;
    const double loss = gradients(
        {batch.data, reversed, batch.step, batch.hand_out, batch.loss},
        other);
    logits = Tensor<>(other.shape());
    const int N = other.extent(0);
    for (int n = 0; n < N; ++n)
      set_row(logits, n, row_of(other, N - 1 - n));
    return loss;
  };
}

inline Gradients gradients_from_the_end(FastNetwork& network) {
  return from_the_end(gradients_of(network));
}

// A network that learns, and the function that computes its gradients.
struct Learner {
  Layer<>& network;
  Gradients gradients;
};

// Trains two networks side by side with the same settings on the same
// batches. Calls before_step with each batch before they learn from it, and
// after_step after both did; false ends the training of both.
inline void train_side_by_side(
    const Learner& one, const Learner& other, const Experiment& experiment,
    const Dataset& data,
    const std::function<void(const Batch&)>& before_step,
    const AfterStep& after_step) {
  Sgd sgd(experiment.momentum), other_sgd(experiment.momentum);
  Tensor<> ignored;
  train(
      one.network,
      [&](const Batch& batch, Tensor<>& logits) {
        before_step(batch);
        other.gradients(batch, ignored);
        return one.gradients(batch, logits);
      },
      sgd, data, experiment.settings,
      [&](const TrainingStep& now) {
        other_sgd.step(trained_parameters(other.network),
                       now.learning_rate);
        return after_step(now);
      });
}

// ---- Choices -----------------------------------------------------------

// Appends to `choices` which cells a ReLU lets through: 1 or 0 for each
// cell of its input, which may have any shape.
inline void append_choices(const Relu&, const Tensor<>& input,
                           std::vector<int>& choices) {
  for (const float cell : input.data()) choices.push_back(cell > 0);
}

// Appends which cell wins each window of a max-pooling (3.1), as its place
// in the padded map. input (N, C, H, W)
inline void append_choices(const MaxPool& it, const Tensor<>& input,
                           std::vector<int>& choices) {
  const auto [window, stride, padding] = it.pooling;
  const Tensor<> padded =
      pad(input, padding, -std::numeric_limits<float>::infinity());
  const int H = padded.extent(2), W = padded.extent(3);
  for (int n = 0; n < padded.extent(0); ++n)
    for (int c = 0; c < padded.extent(1); ++c)
      for (int y = 0; y + window <= H; y += stride)
        for (int x = 0; x + window <= W; x += stride) {
          const Cell won = winner(padded, n, c, y, x, window, padding);
          choices.push_back(won.y * W + won.x);
        }
}

// The other layers choose nothing.
template <class Entry>
void append_choices(const Entry&, const Tensor<>&, std::vector<int>&) {}

// All choices that a network makes about some images, layer by layer.
inline std::vector<int> choices_of(FastNetwork& network,
                                   const Architecture& architecture,
                                   const Tensor<>& images) {
  std::vector<int> choices;
  const std::vector<Tensor<>> outputs = network.outputs(images);
  for (std::size_t i = 0; i < architecture.size(); ++i)
    std::visit(
        [&](const auto& layer) {
          append_choices(layer, i == 0 ? images : outputs[i - 1], choices);
        },
        architecture[i]);
  return choices;
}

// The same layers without those that choose: no ReLU, and the mean of each
// window instead of its largest cell. What is left is linear.
inline Architecture without_choices(const Architecture& architecture) {
  Architecture linear;
  for (const auto& layer : architecture) {
    if (std::holds_alternative<Relu>(layer)) continue;
    if (const auto* pool = std::get_if<MaxPool>(&layer))
      linear.push_back(AveragePool{pool->pooling});
    else
      linear.push_back(layer);
  }
  return linear;
}

}  // namespace cnn
