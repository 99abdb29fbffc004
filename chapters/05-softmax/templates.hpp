// The record of the linear classifier's training, and its weights as
// pictures: a template for each class.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/softmax.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// ---- Learning ----------------------------------------------------------

struct LearningRecord {
  std::vector<double> step, loss;                 // of every batch
  std::vector<double> epoch_step, held_out_loss;  // after each epoch
  std::vector<std::pair<int, Tensor<>>> weights;  // (step, weight)
};

// What was measured at the end of an epoch; training_loss is the mean over
// its batches.
struct EpochEnd {
  int epoch = 0;
  double training_loss = 0, held_out_loss = 0, held_out_accuracy = 0;
};

struct Learned {
  LinearClassifier classifier;
  LearningRecord record;
};

// How many steps training takes; the last batch of an epoch may be smaller.
inline int steps_of(const Dataset& train, const LinearSettings& settings) {
  return settings.epochs * ((train.size() - 1) / settings.batch + 1);
}

// Trains a classifier, and records each step's loss, each epoch's held-out
// loss, and the weights after steps 1, 10, 100 and the last. Calls
// after_step and after_epoch where they are given.
inline Learned learn_and_record(
    const Split& digits, const LinearSettings& settings,
    const AfterLinearStep& after_step = {},
    const std::function<void(const EpochEnd&)>& after_epoch = {}) {
  require_linear_settings(digits.train, settings);
  const int steps = steps_of(digits.train, settings);
  Learned learned;
  LearningRecord& record = learned.record;
  double epoch_loss = 0;
  int epoch_steps = 0;
  const auto note = [&](const LinearStep& now) {
    if (after_step) after_step(now);
    record.step.push_back(now.step);
    record.loss.push_back(now.loss);
    if (now.step == 1 || now.step == 10 || now.step == 100 ||
        now.step == steps)
      record.weights.push_back({now.step, now.classifier.weight});
    epoch_loss += now.loss;
    ++epoch_steps;
    if (!now.epoch_ends) return;
    const Tensor<> logits = scores(now.classifier, digits.held_out.images);
    const std::vector<int>& labels = digits.held_out.labels;
    record.epoch_step.push_back(now.step);
    record.held_out_loss.push_back(
        static_cast<double>(cross_entropy(logits, labels)));
    if (after_epoch)
      after_epoch({now.epoch, epoch_loss / epoch_steps,
                   record.held_out_loss.back(), accuracy(logits, labels)});
    epoch_loss = epoch_steps = 0;
  };
  learned.classifier = train_linear(digits.train, settings, note);
  return learned;
}

// Whether the loss falls, and more than half of its fall comes by step 100.
inline bool falls_at_first(const std::vector<double>& loss) {
  return loss.back() < loss.front() &&
         loss[std::min<std::size_t>(100, loss.size()) - 1] <
             (loss.front() + loss.back()) / 2;
}

// ---- Templates ---------------------------------------------------------

// The weights of one class as a picture: weight (classes, H W) -> (H, W).
inline Tensor<> template_of(const Tensor<>& weight, int k, int H, int W) {
  return item(weight, k).reshaped({H, W});
}

// The mean of each block x block cells. (H, W) -> (H / block, W / block)
inline Tensor<> block_means(const Tensor<>& map, int block) {
  Tensor<> means({map.extent(0) / block, map.extent(1) / block});
  const float cells = static_cast<float>(block * block);
  for (int y = 0; y < means.extent(0) * block; ++y)
    for (int x = 0; x < means.extent(1) * block; ++x)
      means(y / block, x / block) += map(y, x) / cells;
  return means;
}

// Whether the middle cell of a map (H, W) is negative.
inline bool has_hole(const Tensor<>& map) {
  return map(map.extent(0) / 2, map.extent(1) / 2) < 0;
}

// The templates after the first step, computed without a gradient: from
// zeros every p is 1 / classes, so each digit adds its ink to the template
// of its own class with weight 1 - p, and to every other with weight -p,
// times learning rate / batch. -> (classes, pixels)
inline Tensor<> first_templates(const Dataset& train,
                                const LinearSettings& settings) {
  std::vector<int> order = Random(settings.seed).permutation(train.size());
  order.resize(
      std::min(order.size(), static_cast<std::size_t>(settings.batch)));
  const Dataset batch = subset(train, order);
  const Tensor<> ink = flattened(batch.images);
  const float share = static_cast<float>(settings.learning_rate) /
                      static_cast<float>(batch.size());
  const float p = 1.0f / static_cast<float>(train.classes);
  Tensor<> templates({train.classes, ink.extent(1)});
  for (int n = 0; n < batch.size(); ++n)
    for (int k = 0; k < train.classes; ++k) {
      const bool own = batch.labels[static_cast<std::size_t>(n)] == k;
      for (int i = 0; i < ink.extent(1); ++i)
        templates(k, i) += share * (own ? 1 - p : -p) * ink(n, i);
    }
  return templates;
}

}  // namespace cnn
