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
inline void copy_parameters(Layer<>& from, Layer<>& to) {
  const auto source = from.parameters(), target = to.parameters();
  for (std::size_t p = 0; p < source.size(); ++p)
    target[p]->value = source[p]->value;
}

// 0, 1, ... count - 1: the numbers of the images of a data set.
inline std::vector<int> count_up(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

// The share of some images whose largest logit is their label's.
inline double share_right(const Dataset& data, std::span<const int> images,
                          const Tensor<>& logits) {
  const std::size_t classes = logits.data().size() / images.size();
  int right = 0;
  for (std::size_t n = 0; n < images.size(); ++n) {
    const auto row = logits.data().subspan(n * classes, classes);
    const auto best =
        std::max_element(row.begin(), row.end()) - row.begin();
    right += best == data.labels[static_cast<std::size_t>(images[n])];
  }
  return right / static_cast<double>(images.size());
}

// As train(): the same order of images, the same steps, the same errors.
inline std::vector<TrainingStep> train_fast(
    FastNetwork& network, Optimizer& optimizer, const Dataset& data,
    const TrainingSettings& settings, const AfterStep& after_step = {}) {
  if (settings.batch < 1 || settings.epochs < 0 || data.size() == 0)
    throw std::invalid_argument(
        "train_fast: expected images, a batch of 1 or more and 0 or more "
        "epochs, got " +
        std::to_string(data.size()) + " images, batch " +
        std::to_string(settings.batch) + ", epochs " +
        std::to_string(settings.epochs));
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
      if (!std::isfinite(now.loss))
        throw std::runtime_error(
            "train_fast: the loss is not a number at step " +
            std::to_string(now.step) +
            "; a smaller learning rate may help");
      optimizer.step(parameters, now.learning_rate);
      now.accuracy = share_right(data, images, logits);
      history.push_back(now);
      if (after_step && !after_step(now)) return history;
    }
  }
  return history;
}

}  // namespace cnn
