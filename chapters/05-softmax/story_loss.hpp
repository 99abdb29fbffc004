// What one picture costs while the linear classifier learns from others.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <vector>

#include "05-softmax/decisions.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/templates.hpp"

namespace cnn {

// Where the classifier stood after a step.
struct StoryMoment {
  int step = 0;       // 0: before the first
  float p_truth = 0;  // the probability of the picture's true class
  float loss = 0;
  Tensor<> products;  // weight times ink of the true class (H, W)
};

// Trains a classifier, and looks before the first step, after each of
// `steps` and after the last. image (1, H, W)
inline std::vector<StoryMoment> compute_story_moments(
    const Dataset& train, const LinearSettings& settings,
    const Tensor<>& image, int truth, const std::vector<int>& steps) {
  const int H = image.extent(1), W = image.extent(2);
  std::vector<StoryMoment> moments;
  const auto look = [&](int step, const LinearClassifier& classifier) {
    const Tensor<> z = scores(classifier, image.reshaped({1, 1, H, W}));
    const Tensor<> products =
        contributions(item(classifier.weight, truth).reshaped({H, W}),
                      image.reshaped({H, W}));
    moments.push_back(
        {step, softmax(z)(0, truth), cross_entropy(z, {truth}), products});
  };
  look(0, {Tensor<>({train.classes, H * W}), Tensor<>({train.classes})});
  const LinearClassifier last =
      train_linear(train, settings, [&](const LinearStep& now) {
        if (std::find(steps.begin(), steps.end(), now.step) != steps.end())
          look(now.step, now.classifier);
      });
  const int end = steps_of(train, settings);
  if (moments.back().step != end) look(end, last);
  return moments;
}

}  // namespace cnn
