// Chapter 06's loop, with batches that are never copied.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "06-training/training.hpp"
#include "07-speed/fast_network.hpp"

namespace cnn {

// Gives one network the parameters of another of the same architecture.
// Throws std::invalid_argument if it is not the same.
inline void copy_parameters(Layer<>& from, Layer<>& to) {
  const auto source = from.parameters(), target = to.parameters();
  if (source.size() != target.size())
    throw std::invalid_argument(
        "copy_parameters: expected " + std::to_string(target.size()) +
        " parameters, got " + std::to_string(source.size()));
  for (std::size_t p = 0; p < source.size(); ++p)
    require_shape(source[p]->value.shape(), target[p]->value.shape(),
                  "copy_parameters", target[p]->name);
  for (std::size_t p = 0; p < source.size(); ++p)
    target[p]->value = source[p]->value;
}

// 0, 1, ... count - 1: the numbers of the images of a data set.
inline std::vector<int> count_up(int count) {
  if (count < 0)
    throw std::invalid_argument("count_up: expected 0 or more, got " +
                                std::to_string(count));
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

// The labels of some images of a data set.
// Throws std::invalid_argument for an image that there is not.
inline std::vector<int> labels_of(const Dataset& data,
                                  std::span<const int> images) {
  std::vector<int> labels;
  for (const int n : images) {
    if (n < 0 || n >= data.size())
      throw std::invalid_argument("labels_of: no image " +
                                  std::to_string(n) + " among " +
                                  std::to_string(data.size()));
    labels.push_back(data.labels[static_cast<std::size_t>(n)]);
  }
  return labels;
}

// As train(): the same order of images, the same steps, the same errors.
inline std::vector<TrainingStep> train_fast(
    FastNetwork& network, Optimizer& optimizer, const Dataset& data,
    const TrainingSettings& settings, const AfterStep& after_step = {}) {
  require_training(data.size(), settings, "train_fast");
  require_dataset(data, "train_fast");
  const std::vector<Parameter<>*> parameters = network.parameters();
  Random random(settings.seed);
  std::vector<TrainingStep> history;
  TrainingStep now;
  now.steps = training_steps(data.size(), settings);
  history.reserve(static_cast<std::size_t>(now.steps));
  Tensor<> logits;
  for (now.epoch = 1; now.epoch <= settings.epochs; ++now.epoch) {
    const std::vector<int> order = random.permutation(data.size());
    for (int begin = 0; begin < data.size(); begin += settings.batch) {
      const int count = std::min(settings.batch, data.size() - begin);
      const auto images = std::span(order).subspan(
          static_cast<std::size_t>(begin), static_cast<std::size_t>(count));
      const double middle_of_the_step = now.step++ + 0.5;
      now.learning_rate = settings.learning_rate *
                          settings.schedule(middle_of_the_step / now.steps);
      now.loss = network.gradients(data, images, logits);
      if (std::isfinite(now.loss))
        optimizer.step(parameters, now.learning_rate);
      require_finite(now, parameters, "train_fast");
      if (now.step == now.steps)
        require_finite_end(now, network, subset(data, images),
                           "train_fast");
      now.accuracy = accuracy(logits, labels_of(data, images));
      history.push_back(now);
      if (after_step && !after_step(now)) {
        require_finite_end(now, network, subset(data, images),
                           "train_fast");
        return history;
      }
    }
  }
  return history;
}

}  // namespace cnn
