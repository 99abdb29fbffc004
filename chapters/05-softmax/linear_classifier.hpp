// The first thing that learns: one dense layer that gives every class a
// score, and gradient descent on the cross-entropy of its scores.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "04-backprop/backprop.hpp"
#include "04-backprop/dense.hpp"
#include "05-softmax/softmax.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// One template per class, compared with the image pixel by pixel.
// weight (classes, pixels)  bias (classes)
struct LinearClassifier {
  Tensor<> weight, bias;
};

// Every image as one row of numbers: (N, C, H, W) -> (N, C H W)
inline Tensor<> flattened(const Tensor<>& images) {
  require_rank(images.shape(), 4, "flattened", "images");
  const int pixels = images.extent(1) * images.extent(2) * images.extent(3);
  return images.reshaped({images.extent(0), pixels});
}

// images (N, C, H, W) -> logits (N, classes)
inline Tensor<> scores(const LinearClassifier& classifier,
                       const Tensor<>& images) {
  return dense(flattened(images), classifier.weight, classifier.bias);
}

// The learning rate was chosen by training on 7,000 of the 8,000 training
// digits and testing on the other 1,000. From 0.1 to 1 it matters little.
struct LinearSettings {
  int epochs = 10;             // times that every image is seen
  int batch = 100;             // images per step
  double learning_rate = 0.3;  // what a step multiplies the gradient by
  std::uint64_t seed = 1;      // for the order of the images
};

// What one step saw, and the classifier that it left.
struct LinearStep {
  int step = 0;       // from 1
  int epoch = 0;      // from 1
  double loss = 0.0;  // of the batch, before the step
  bool epoch_ends = false;
  const LinearClassifier& classifier;  // after the step
};

using AfterLinearStep = std::function<void(const LinearStep&)>;

// Moves a parameter downhill, which is against its gradient.
// Throws std::invalid_argument unless the two have the same shape.
inline void gradient_step(Tensor<>& parameter, const Tensor<>& gradient,
                          float learning_rate) {
  require_shape(gradient.shape(), parameter.shape(), "gradient_step",
                "gradient");
  for (std::size_t i = 0; i < parameter.data().size(); ++i)
    parameter.data()[i] -= learning_rate * gradient.data()[i];  // (5.5)
}

// Throws std::invalid_argument for settings or data that train_linear()
// cannot use.
inline void require_linear_settings(const Dataset& train,
                                    const LinearSettings& settings) {
  if (train.size() == 0 || settings.epochs < 0 || settings.batch < 1 ||
      !(settings.learning_rate > 0 &&
        std::isfinite(settings.learning_rate))) {
    fail(Refusal::argument,
         "train_linear: expected images, 0 or more epochs, a batch of 1 or "
         "more and a finite learning rate above 0, got " +
             counted_text(train.size(), "image") + ", epochs " +
             std::to_string(settings.epochs) + ", batch " +
             std::to_string(settings.batch) + ", learning rate " +
             std::to_string(settings.learning_rate));
  }
  require_dataset(train, "train_linear");
}

// Throws std::runtime_error if the loss of a step, or a weight or bias
// after it, is not finite.
inline void require_finite(const LinearStep& now, double learning_rate) {
  const bool loss = std::isfinite(now.loss);
  if (loss && all_finite(now.classifier.weight) &&
      all_finite(now.classifier.bias))
    return;
  fail(Refusal::runtime,
       std::string("train_linear: ") + (loss ? "a weight" : "the loss") +
           " is not a finite number at step " + std::to_string(now.step) +
           " (epoch " + std::to_string(now.epoch) + ", learning rate " +
           short_text(learning_rate) +
           "); a smaller learning rate may help");
}

// Trains a classifier on labelled images, and calls after_step, if there is
// one, after each step. Throws std::invalid_argument for settings or data
// that it cannot use, and std::runtime_error when a loss or a weight is no
// longer finite.
//
// All weights start at 0. That is fine here, because the labels tell the
// classes apart in the very first step.
inline LinearClassifier train_linear(
    const Dataset& train, const LinearSettings& settings,
    const AfterLinearStep& after_step = {}) {
  require_linear_settings(train, settings);
  const int pixels = train.images.size() / train.size();
  LinearClassifier classifier{Tensor<>({train.classes, pixels}),
                              Tensor<>({train.classes})};
  const float learning_rate = static_cast<float>(settings.learning_rate);
  Random random(settings.seed);
  int step = 0;
  for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
    const std::vector<int> order = random.permutation(train.size());
    std::span<const int> left = order;
    while (!left.empty()) {
      const std::size_t count =
          std::min(left.size(), static_cast<std::size_t>(settings.batch));
      const Dataset batch = subset(train, left.first(count));
      left = left.subspan(count);

      const Tensor<> input = flattened(batch.images);
      const Tensor<> logits =
          dense(input, classifier.weight, classifier.bias);
      const float loss = cross_entropy(logits, batch.labels);
      const Tensor<> grad_logits =
          cross_entropy_backward(logits, batch.labels);
      const ParameterGradients<float> grads =
          dense_backward_parameters(grad_logits, input);
      gradient_step(classifier.weight, grads.weight, learning_rate);
      gradient_step(classifier.bias, grads.bias, learning_rate);

      const LinearStep now{++step, epoch, static_cast<double>(loss),
                           left.empty(), classifier};
      require_finite(now, settings.learning_rate);
      if (after_step) after_step(now);
    }
  }
  return classifier;
}

}  // namespace cnn
