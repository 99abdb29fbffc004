// How sure a network is of labels that are wrong, epoch after epoch.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "12-generalization/random_labels.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// N digits that were taught a wrong label, and the probability that the
// network gave to that label after each epoch.
struct BelievedLabels {
  Tensor<> images;                 // (N, 1, H, W)
  std::vector<int> taught, truth;  // N labels each
  std::vector<int> epochs;         // their numbers
  // probability[i][n]: of digit n's taught label, after epoch epochs[i]
  std::vector<std::vector<float>> probability;

  // The smallest probability after an epoch, and how many are above a half.
  // `epoch` is an index into `probability`.
  float least(std::size_t epoch) const {
    return *std::min_element(probability.at(epoch).begin(),
                             probability.at(epoch).end());
  }
  int above_half(std::size_t epoch) const {
    int count = 0;
    for (const float it : probability.at(epoch)) count += it > 0.5f;
    return count;
  }
};

// The first digits whose taught label is wrong, `count` at most, without
// any epochs yet.
// Throws std::invalid_argument unless the sets have the same size.
inline BelievedLabels mislabelled_digits(const Dataset& truth,
                                         const Dataset& taught, int count) {
  if (truth.size() != taught.size())
    fail(Refusal::argument, "mislabelled_digits: expected " +
                                counted_text(truth.size(), "taught label") +
                                ", got " + std::to_string(taught.size()));
  std::vector<int> wrong;
  for (int n = 0; n < truth.size(); ++n) {
    if (static_cast<int>(wrong.size()) >= count) break;
    const auto at = static_cast<std::size_t>(n);
    if (truth.labels[at] != taught.labels[at]) wrong.push_back(n);
  }
  return {subset(truth, wrong).images,
          labels_of(taught, wrong),
          labels_of(truth, wrong),
          {},
          {}};
}

// Appends the probabilities that the network gives after epoch `epoch`.
inline void ask(BelievedLabels& believed, int epoch, Layer<>& network) {
  const Tensor<> answers = softmax(logits_of(network, believed.images));
  believed.epochs.push_back(epoch);
  believed.probability.emplace_back();
  for (std::size_t n = 0; n < believed.taught.size(); ++n)
    believed.probability.back().push_back(
        answers(static_cast<int>(n), believed.taught[n]));
}

}  // namespace cnn
