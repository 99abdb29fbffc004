// Chapter 06's loop, with batches that are never copied.
// Book: book/07-speed.md
#pragma once

#include <numeric>
#include <vector>

#include "06-training/experiments.hpp"
#include "06-training/training.hpp"
#include "07-speed/fast_network.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Copies the parameters of one network to another. Throws
// std::invalid_argument unless their count and their shapes are the same.
inline void copy_parameters(Layer<>& from, Layer<>& to) {
  const auto source = from.parameters(), target = to.parameters();
  if (source.size() != target.size())
    fail(Refusal::argument, "copy_parameters: expected " +
                                counted_text(target.size(), "parameter") +
                                ", got " + std::to_string(source.size()));
  for (std::size_t p = 0; p < source.size(); ++p)
    require_shape(source[p]->value.shape(), target[p]->value.shape(),
                  "copy_parameters", target[p]->name);
  for (std::size_t p = 0; p < source.size(); ++p)
    target[p]->value = source[p]->value;
}

// Gives a network the parameters that chapter 06's experiment begins with.
inline void start(FastNetwork& network, const Experiment& experiment) {
  Network<> fresh = fresh_network(experiment);
  copy_parameters(fresh, network);
}

// 0, 1, ... count - 1: the numbers of the images of a data set.
inline std::vector<int> count_up(int count) {
  if (count < 0)
    fail(Refusal::argument,
         "count_up: expected 0 or more, got " + std::to_string(count));
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

// The gradients() of a fast network as a function, for train().
inline Gradients gradients_of(FastNetwork& network) {
  return [&network](const Batch& batch, Tensor<>& logits) {
    return network.gradients(batch, logits);
  };
}

// As train(): the same order of images, the same steps, the same errors.
inline std::vector<TrainingStep> train_fast(
    FastNetwork& network, Optimizer& optimizer, const Dataset& data,
    const TrainingSettings& settings, const AfterStep& after_step = {}) {
  return train(network, gradients_of(network), optimizer, data, settings,
               after_step);
}

}  // namespace cnn
