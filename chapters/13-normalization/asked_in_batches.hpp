// What a network with batch normalization answers if it uses the statistics
// of the batch, as in training, instead of its running statistics.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The logits (N, classes) in training mode. The running statistics are
// restored afterwards.
inline Tensor<> logits_in_training(Layer<>& network,
                                   const Tensor<>& images) {
  const PutBackAtEnd kept(network);
  return network.forward(images, Mode::training);
}

// ---- One digit in several batches --------------------------------------

// One batch that an image was in: the other images, and the probability of
// each class that the image got in this batch.
struct BatchCompany {
  std::vector<int> others;
  std::vector<float> probabilities;
};

// One image: its probabilities alone, and in several batches.
struct OneDigit {
  int image = 0;
  std::vector<float> alone;           // in evaluation mode
  std::vector<BatchCompany> batches;  // in training mode
};

// The probability of each class for image n. logits (N, classes)
inline std::vector<float> probabilities_of(const Tensor<>& logits, int n) {
  const Tensor<> shares = softmax(logits);
  const std::span<const float> row = row_of(shares, n);
  return {row.begin(), row.end()};
}

// Puts image `image` first in each of `batches` batches, whose `others`
// further images are drawn at random from the rest of the data.
// Throws std::invalid_argument unless 1 <= others < data.size().
inline OneDigit compute_one_digit(Layer<>& network, const Dataset& data,
                                  int image, int batches, int others,
                                  std::uint64_t seed) {
  if (others < 1 || others >= data.size())
    fail(Refusal::argument, "compute_one_digit: expected 1 to " +
                                std::to_string(data.size() - 1) +
                                " other images, got " +
                                std::to_string(others));
  OneDigit found{image, {}, {}};
  const std::vector<int> itself = {image};
  found.alone = probabilities_of(
      network.forward(subset(data, itself).images, Mode::evaluation), 0);
  Random random(seed);
  for (int b = 0; b < batches; ++b) {
    std::vector<int> order = random.permutation(data.size());
    std::erase(order, image);
    order.resize(static_cast<std::size_t>(others));
    std::vector<int> batch = itself;
    batch.insert(batch.end(), order.begin(), order.end());
    found.batches.push_back(
        {order,
         probabilities_of(
             logits_in_training(network, subset(data, batch).images), 0)});
  }
  return found;
}

// The same, but all the other images are of the image's own class.
// Throws std::invalid_argument if there is no such image, or if its class
// has too few others.
inline OneDigit compute_one_digit_among_its_own(Layer<>& network,
                                                const Dataset& data,
                                                int image, int batches,
                                                int others,
                                                std::uint64_t seed) {
  require_image(data, image, "compute_one_digit_among_its_own");
  const std::vector<int> own =
      indices_of(data.labels, data.labels[static_cast<std::size_t>(image)]);
  const auto at = std::find(own.begin(), own.end(), image) - own.begin();
  OneDigit found =
      compute_one_digit(network, subset(data, own), static_cast<int>(at),
                        batches, others, seed);
  found.image = image;
  for (BatchCompany& batch : found.batches)
    for (int& n : batch.others) n = own[static_cast<std::size_t>(n)];
  return found;
}

// The batch in which the image gets its lowest probability for class
// `label` (worst), or its highest.
// Throws std::invalid_argument if there is no batch.
inline const BatchCompany& extreme_company(const OneDigit& it, int label,
                                           bool worst) {
  if (it.batches.empty())
    fail(Refusal::argument,
         "extreme_company: expected one batch or more, got none");
  const auto less = [&](const BatchCompany& a, const BatchCompany& b) {
    const auto at = static_cast<std::size_t>(label);
    return a.probabilities.at(at) < b.probabilities.at(at);
  };
  return worst
             ? *std::min_element(it.batches.begin(), it.batches.end(), less)
             : *std::max_element(it.batches.begin(), it.batches.end(),
                                 less);
}
inline const BatchCompany& worst_company(const OneDigit& it, int label) {
  return extreme_company(it, label, true);
}
inline const BatchCompany& best_company(const OneDigit& it, int label) {
  return extreme_company(it, label, false);
}

// Of the images of class `label` that are read correctly in evaluation
// mode, the one with the lowest probability; no value if there are none.
inline std::optional<int> least_sure(Layer<>& network, const Dataset& data,
                                     int label) {
  const Tensor<> shares = softmax(evaluate(network, data));
  std::optional<int> least;
  for (int n = 0; n < data.size(); ++n)
    if (data.labels[static_cast<std::size_t>(n)] == label &&
        answer(shares, n) == label &&
        (!least || shares(n, label) < shares(*least, label)))
      least = n;
  return least;
}

// ---- All digits, batch by batch ----------------------------------------

// The answers in training mode to all images of the data, in batches of
// `size` in the given order, which must hold each image once. Element n is
// the answer to image n. The last batch may be smaller.
// Throws std::invalid_argument if `size` is below 1.
inline std::vector<int> answers_in_training(Layer<>& network,
                                            const Dataset& data,
                                            const std::vector<int>& order,
                                            int size) {
  if (size < 1)
    fail(Refusal::argument,
         "answers_in_training: expected batches of 1 or more, got " +
             std::to_string(size));
  const PutBackAtEnd kept(network);
  std::vector<int> answers(order.size());
  const auto step = static_cast<std::size_t>(size);
  for (std::size_t begin = 0; begin < order.size(); begin += step) {
    const auto batch = std::span(order).subspan(
        begin, std::min(step, order.size() - begin));
    const std::vector<int> read = predictions(
        network.forward(subset(data, batch).images, Mode::training));
    for (std::size_t i = 0; i < batch.size(); ++i)
      answers[static_cast<std::size_t>(batch[i])] = read[i];
  }
  return answers;
}

// The share of answers that are equal to their labels.
inline double share_right(const std::vector<int>& answers,
                          const std::vector<int>& labels) {
  int right = 0;
  for (std::size_t n = 0; n < answers.size(); ++n)
    right += answers[n] == labels[n];
  return static_cast<double>(right) / static_cast<double>(answers.size());
}

// The numbers of all images, sorted by class, and within a class in their
// original order.
inline std::vector<int> sorted_by_class(const Dataset& data) {
  std::vector<int> order = count_up(data.size());
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return data.labels[static_cast<std::size_t>(a)] <
           data.labels[static_cast<std::size_t>(b)];
  });
  return order;
}

// Accuracy in training mode in batches of `size`: with images of all
// classes mixed at random, and with images sorted by class.
struct MixedAndSorted {
  int size = 0;
  double mixed = 0, sorted = 0;
};

inline std::vector<MixedAndSorted> compute_mixed_and_sorted(
    Layer<>& network, const Dataset& data, const std::vector<int>& sizes,
    std::uint64_t seed) {
  Random random(seed);
  const std::vector<int> mixed = random.permutation(data.size()),
                         sorted = sorted_by_class(data);
  std::vector<MixedAndSorted> all;
  for (const int size : sizes) {
    const auto share = [&](const std::vector<int>& order) {
      return share_right(answers_in_training(network, data, order, size),
                         data.labels);
    };
    all.push_back({size, share(mixed), share(sorted)});
  }
  return all;
}

// The share of images that do not get the same answer every time, if all
// images are mixed into batches of `size`, `mixtures` times over.
inline double share_that_changes(Layer<>& network, const Dataset& data,
                                 int mixtures, int size,
                                 std::uint64_t seed) {
  Random random(seed);
  std::vector<int> first_answers;
  std::vector<bool> changed(static_cast<std::size_t>(data.size()));
  for (int m = 0; m < mixtures; ++m) {
    const std::vector<int> answers = answers_in_training(
        network, data, random.permutation(data.size()), size);
    if (m == 0) first_answers = answers;
    for (std::size_t n = 0; n < answers.size(); ++n)
      if (answers[n] != first_answers[n]) changed[n] = true;
  }
  return static_cast<double>(
             std::count(changed.begin(), changed.end(), true)) /
         static_cast<double>(changed.size());
}

// ---- Running statistics that are used too early ------------------------

// The held-out accuracy after step `step`: with the running statistics, and
// with the batches' own, in batches of 500.
struct EarlyAccuracy {
  int step = 0;
  double running = 0, own = 0;
};

// Trains a network, measures it after each of `steps`, which must ascend,
// and ends the training after the last of them.
inline std::vector<EarlyAccuracy> compute_early_asked(
    FastNetwork& network, Optimizer& optimizer, const Split& digits,
    const TrainingSettings& settings, const std::vector<int>& steps,
    const AfterStep& after_step = {}) {
  std::vector<EarlyAccuracy> all;
  const std::vector<int> order = count_up(digits.held_out.size());
  train_fast(network, optimizer, digits.train, settings,
             [&](const TrainingStep& now) {
               if (after_step && !after_step(now)) return false;
               if (all.size() == steps.size()) return false;
               if (now.step != steps[all.size()]) return true;
               all.push_back(
                   {now.step, accuracy(network, digits.held_out),
                    share_right(answers_in_training(
                                    network, digits.held_out, order, 500),
                                digits.held_out.labels)});
               return all.size() < steps.size();
             });
  return all;
}

}  // namespace cnn
