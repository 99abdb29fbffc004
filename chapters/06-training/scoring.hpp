// How good a classifier is, beyond one number: which classes it confuses,
// which it misses, and what it should be better than.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Throws std::invalid_argument unless each number is 0 or more and below
// `classes`. The message begins with `where` and calls the numbers `what`.
inline void require_all_classes(const std::vector<int>& numbers,
                                int classes, const std::string& where,
                                const std::string& what) {
  for (const int number : numbers)
    if (number < 0 || number >= classes)
      fail(Refusal::argument, where + ": expected " + what + " from 0 to " +
                                  std::to_string(classes - 1) + ", got " +
                                  std::to_string(number));
}

// How often an image of class r (row) was taken for class c (column).
// -> (classes, classes)
// Throws std::invalid_argument unless there is a prediction for each label
// and all of them are classes.
inline Tensor<> confusion_matrix(const std::vector<int>& labels,
                                 const std::vector<int>& predicted,
                                 int classes = 10) {
  if (labels.size() != predicted.size()) {
    fail(Refusal::argument, "confusion_matrix: expected " +
                                counted_text(labels.size(), "prediction") +
                                ", got " +
                                std::to_string(predicted.size()));
  }
  require_all_classes(labels, classes, "confusion_matrix", "labels");
  require_all_classes(predicted, classes, "confusion_matrix",
                      "predictions");
  Tensor<> counts({classes, classes});
  for (std::size_t n = 0; n < labels.size(); ++n)
    counts(labels[n], predicted[n]) += 1;
  return counts;
}

// How many images of class r a confusion matrix counts: the sum of row r.
inline float images_of(const Tensor<>& confusion, int r) {
  float count = 0;
  for (int c = 0; c < confusion.extent(1); ++c) count += confusion(r, c);
  return count;
}

// The share of each class's images that were recognised, from 0 to 1; 0 for
// a class without images. confusion (classes, classes)
inline std::vector<double> recall(const Tensor<>& confusion) {
  require_rank(confusion.shape(), 2, "recall", "confusion");
  require_shape(confusion.shape(),
                {confusion.extent(0), confusion.extent(0)}, "recall",
                "confusion");
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

// A wrong answer: which image, what was said, what is true, and the
// probability that each of these was given.
struct Mistake {
  int image = 0;
  int said = 0, truth = 0;
  float probability_said = 0, probability_truth = 0;
};

// All wrong answers, the surest first. logits (N, classes), N labels
// Throws std::invalid_argument if the softmax of a row holds a NaN.
inline std::vector<Mistake> mistakes(const Tensor<>& logits,
                                     const std::vector<int>& labels) {
  require_labels(logits, labels, "mistakes");
  const Tensor<> probabilities = softmax(logits);
  require_answers(probabilities, "mistakes");
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

// All of the above for one set of answers.
struct Scores {
  int images = 0, right = 0;
  double accuracy = 0.0;
  Tensor<> confusion;          // (classes, classes)
  std::vector<double> recall;  // of each class
  std::vector<Mistake> mistakes;
};

// logits (N, classes) of the N images of a data set
inline Scores compute_scores(const Tensor<>& logits, const Dataset& data) {
  Scores scores;
  scores.images = data.size();
  scores.accuracy = accuracy(logits, data.labels);
  scores.confusion =
      confusion_matrix(data.labels, predictions(logits), data.classes);
  scores.recall = recall(scores.confusion);
  scores.mistakes = mistakes(logits, data.labels);
  scores.right = data.size() - static_cast<int>(scores.mistakes.size());
  return scores;
}

// ---- Baselines ---------------------------------------------------------

// The accuracy on `test` of always saying the commonest class of `train`.
// Throws std::invalid_argument unless both are data sets with images.
inline double commonest_class_accuracy(const Dataset& train,
                                       const Dataset& test) {
  for (const Dataset* data : {&train, &test}) {
    require_dataset(*data, "commonest_class_accuracy");
    if (data->size() == 0)
      fail(Refusal::argument,
           "commonest_class_accuracy: expected images, got none");
  }
  std::vector<int> counts(static_cast<std::size_t>(train.classes));
  for (const int label : train.labels)
    ++counts[static_cast<std::size_t>(label)];
  const auto commonest = static_cast<int>(
      std::max_element(counts.begin(), counts.end()) - counts.begin());
  return static_cast<double>(std::count(test.labels.begin(),
                                        test.labels.end(), commonest)) /
         test.size();
}

// The mean image of each class; black for a class without images.
// -> (classes, pixels)
// Throws std::invalid_argument unless it is a data set with images.
inline Tensor<> mean_images(const Dataset& data) {
  require_dataset(data, "mean_images");
  if (data.size() == 0)
    fail(Refusal::argument, "mean_images: expected images, got none");
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
  require_rank(means.shape(), 2, "nearest_mean_scores", "means");
  if (images.rank() < 2)
    fail(Refusal::argument,
         "nearest_mean_scores: expected a batch of images, got shape " +
             to_string(images.shape()));
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
