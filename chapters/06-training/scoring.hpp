// How good a classifier is, beyond one number: what it takes for what,
// which classes it misses, and what it should be better than.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "common/dataset.hpp"

namespace cnn {

// How often an image of class r (row) was taken for class c (column).
// -> (classes, classes)
inline Tensor<> confusion_matrix(const std::vector<int>& labels,
                                 const std::vector<int>& predicted,
                                 int classes = 10) {
  if (labels.size() != predicted.size()) {
    throw std::invalid_argument(
        "confusion_matrix: expected " + std::to_string(labels.size()) +
        " predictions, got " + std::to_string(predicted.size()));
  }
  Tensor<> counts({classes, classes});
  for (std::size_t n = 0; n < labels.size(); ++n)
    counts(labels[n], predicted[n]) += 1;
  return counts;
}

// The share of each class's images that were recognised, from 0 to 1; 0 for
// a class without images.
inline std::vector<double> recall(const Tensor<>& confusion) {
  std::vector<double> shares;
  for (int r = 0; r < confusion.extent(0); ++r) {
    double all = 0;
    for (int c = 0; c < confusion.extent(1); ++c)
      all += static_cast<double>(confusion(r, c));
    const auto right = static_cast<double>(confusion(r, r));
    shares.push_back(all > 0 ? right / all : 0);
  }
  return shares;
}

// A wrong answer: which image, what was said and how sure, what is true.
struct Mistake {
  int image = 0;
  int said = 0, truth = 0;
  float probability_said = 0, probability_truth = 0;
};

// All wrong answers, the surest first.
inline std::vector<Mistake> mistakes(const Tensor<>& logits,
                                     const std::vector<int>& labels) {
  require_labels(logits, labels, "mistakes");
  const Tensor<> probabilities = softmax(logits);
  const std::vector<int> predicted = predictions(logits);
  std::vector<Mistake> all;
  for (int n = 0; n < logits.extent(0); ++n) {
    const auto at = static_cast<std::size_t>(n);
    const int said = predicted[at], truth = labels[at];
    if (said != truth)
      all.push_back({n, said, truth, probabilities(n, said),
                     probabilities(n, truth)});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Mistake& a, const Mistake& b) {
                     return a.probability_said > b.probability_said;
                   });
  return all;
}

// ---- Baselines ---------------------------------------------------------

// The accuracy on `test` of always saying the commonest class of `train`.
inline double commonest_class_accuracy(const Dataset& train,
                                       const Dataset& test) {
  std::vector<int> counts(static_cast<std::size_t>(train.classes));
  for (const int label : train.labels)
    ++counts[static_cast<std::size_t>(label)];
  const auto commonest = static_cast<int>(
      std::max_element(counts.begin(), counts.end()) - counts.begin());
  return static_cast<double>(std::count(test.labels.begin(),
                                        test.labels.end(), commonest)) /
         test.size();
}

// The mean image of each class.
// -> (classes, pixels)
inline Tensor<> mean_images(const Dataset& data) {
  const Tensor<> pixels = data.images.reshaped({data.size(), -1});
  Tensor<> means({data.classes, pixels.extent(1)});
  std::vector<float> counts(static_cast<std::size_t>(data.classes));
  for (int n = 0; n < data.size(); ++n) {
    const int label = data.labels[static_cast<std::size_t>(n)];
    counts[static_cast<std::size_t>(label)] += 1;
    for (int i = 0; i < pixels.extent(1); ++i)
      means(label, i) += pixels(n, i);
  }
  for (int k = 0; k < data.classes; ++k)
    for (int i = 0; i < pixels.extent(1); ++i)
      means(k, i) /= std::max(counts[static_cast<std::size_t>(k)], 1.0f);
  return means;
}

// The score of each class is minus the squared distance to its mean image,
// so that the nearest mean wins.
// images (N, ...), means (classes, pixels) -> scores (N, classes)
inline Tensor<> nearest_mean_scores(const Tensor<>& images,
                                    const Tensor<>& means) {
  const Tensor<> pixels = images.reshaped({images.extent(0), -1});
  require_shape(means.shape(), {means.extent(0), pixels.extent(1)},
                "nearest_mean_scores", "means");
  Tensor<> scores({pixels.extent(0), means.extent(0)});
  for (int n = 0; n < pixels.extent(0); ++n)
    for (int k = 0; k < means.extent(0); ++k)
      for (int i = 0; i < pixels.extent(1); ++i) {
        const float difference = pixels(n, i) - means(k, i);
        scores(n, k) -= difference * difference;
      }
  return scores;
}

}  // namespace cnn
