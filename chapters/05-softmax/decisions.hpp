// A classifier's answers, taken apart: what a score is the sum of, which
// answers were in doubt, which were wrong, and whether the probabilities
// keep their word.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/softmax.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// ---- One decision ------------------------------------------------------

// The first image that is read correctly, but with a probability below
// 90 %, if there is one. p: probabilities (N, classes)
inline std::optional<int> first_hesitation(const Tensor<>& p,
                                           const std::vector<int>& labels) {
  require_labels(p, labels, "first_hesitation");
  const std::vector<int> said = predictions(p);
  for (int n = 0; n < p.extent(0); ++n) {
    const int label = labels[static_cast<std::size_t>(n)];
    const bool right = said[static_cast<std::size_t>(n)] == label;
    if (right && p(n, label) < 0.9f) return n;
  }
  return std::nullopt;
}

// The products weight times pixel, whose sum is the score without its bias.
// `weights` and `digit` have the same shape, as has the result.
inline Tensor<> contributions(const Tensor<>& weights,
                              const Tensor<>& digit) {
  require_shape(digit.shape(), weights.shape(), "contributions", "digit");
  Tensor<> products = weights;
  for (std::size_t i = 0; i < products.data().size(); ++i)
    products.data()[i] *= digit.data()[i];
  return products;
}

// The sum of a score's positive products, and that of its negative ones.
struct ScoreSums {
  float positive = 0, negative = 0;
};

// digit (H, W) -> the sums of class k
inline ScoreSums score_sums(const LinearClassifier& classifier,
                            const Tensor<>& digit, int k) {
  const Tensor<> products =
      contributions(item(classifier.weight, k), digit.reshaped({-1}));
  ScoreSums sums;
  for (const float product : products.data())
    (product > 0 ? sums.positive : sums.negative) += product;
  return sums;
}

// The products of class k, summed over squares of block x block pixels. If
// `block` divides H and W, these sums and the bias add up to the score.
// digit (H, W) -> (H / block, W / block)
inline Tensor<> score_squares(const LinearClassifier& classifier,
                              const Tensor<>& digit, int k, int block) {
  const Tensor<> products =
      contributions(item(classifier.weight, k), digit.reshaped({-1}));
  const int W = digit.extent(1);
  Tensor<> squares({digit.extent(0) / block, W / block});
  for (int i = 0; i < squares.extent(0) * block * W; ++i) {
    const int y = i / W / block, x = i % W / block;
    if (x < squares.extent(1)) squares(y, x) += products(i);
  }
  return squares;
}

// Where one class beats another: the squares of class a minus those of b.
// These and the difference of the biases then add up to the difference of
// the scores.
inline Tensor<> score_lead(const LinearClassifier& classifier,
                           const Tensor<>& digit, int a, int b, int block) {
  Tensor<> lead = score_squares(classifier, digit, a, block);
  const Tensor<> other = score_squares(classifier, digit, b, block);
  for (std::size_t i = 0; i < lead.data().size(); ++i)
    lead.data()[i] -= other.data()[i];
  return lead;
}

// ---- Calibration -------------------------------------------------------

// A group of answers: those whose probability is below `limit`, but not
// below the limit of the group before.
struct Confidence {
  std::string said;  // the range of probabilities, in words
  double limit = 0;
  int digits = 0, right = 0;  // answers, and how many are right
  double sum = 0;             // of the probabilities

  double mean_said() const { return sum / digits; }
  double share_right() const { return right / static_cast<double>(digits); }
  void count(double probability, bool is_right) {
    digits += 1;
    right += is_right;
    sum += probability;
  }
};

// The answers sorted into groups by their probability. The last group,
// "all", holds every answer.
// logits (N, classes)
inline std::vector<Confidence> compute_calibration(
    const Tensor<>& logits, const std::vector<int>& labels) {
  require_labels(logits, labels, "compute_calibration");
  const Tensor<> p = softmax(logits);
  const std::vector<int> said = predictions(logits);
  std::vector<Confidence> groups = {
      {"under 50 %", 0.5},  {"50 to 70 %", 0.7},    {"70 to 90 %", 0.9},
      {"90 to 99 %", 0.99}, {"99 % and more", 2.0}, {"all", 2.0}};
  for (int n = 0; n < p.extent(0); ++n) {
    const std::size_t i = static_cast<std::size_t>(n);
    const double sure = static_cast<double>(p(n, said[i]));
    const bool right = said[i] == labels[i];
    std::find_if(
        groups.begin(), groups.end(),
        [&](const Confidence& group) { return sure < group.limit; })
        ->count(sure, right);
    groups.back().count(sure, right);
  }
  return groups;
}

// ---- Mistakes ----------------------------------------------------------

// An image that was misread, and its loss.
struct Misread {
  int image = 0, said = 0, truth = 0;
  float loss = 0;
};

// The misread images with the largest losses, at most `most` of them, the
// worst first. logits (N, classes)
inline std::vector<Misread> costliest(const Dataset& data,
                                      const Tensor<>& logits,
                                      std::size_t most) {
  require_dataset(data, "costliest");
  require_shape(logits.shape(), {data.size(), data.classes}, "costliest",
                "logits");
  const std::vector<int> predicted = predictions(logits);
  std::vector<Misread> misread;
  for (int n = 0; n < data.size(); ++n) {
    const int said = predicted[static_cast<std::size_t>(n)];
    const int truth = data.labels[static_cast<std::size_t>(n)];
    const Tensor<> row = item(logits, n).reshaped({1, data.classes});
    if (said != truth)
      misread.push_back({n, said, truth, cross_entropy(row, {truth})});
  }
  std::stable_sort(
      misread.begin(), misread.end(),
      [](const Misread& a, const Misread& b) { return a.loss > b.loss; });
  misread.resize(std::min(misread.size(), most));
  return misread;
}

}  // namespace cnn
