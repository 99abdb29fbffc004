// Digits together with a network's answers to them.
// Book: book/09-dreaming.md
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

struct AnsweredDigits {
  Dataset digits;          // N of them
  Tensor<> logits;         // (N, classes)
  Tensor<> probabilities;  // (N, classes)
  std::vector<int> said;   // N: the class that the network says

  int truth(int n) const {
    return digits.labels[static_cast<std::size_t>(n)];
  }
  int says(int n) const { return said[static_cast<std::size_t>(n)]; }
  bool right(int n) const { return says(n) == truth(n); }

  // The number of the first digit of a class that is read right, if any.
  std::optional<int> first_right(int label) const {
    for (int n = 0; n < digits.size(); ++n)
      if (truth(n) == label && right(n)) return n;
    return std::nullopt;
  }

  // The digits that are read right.
  Dataset read_right() const {
    std::vector<int> chosen;
    for (int n = 0; n < digits.size(); ++n)
      if (right(n)) chosen.push_back(n);
    return subset(digits, chosen);
  }

  // One digit as a batch. -> (1, 1, 28, 28)
  Tensor<> digit(int n) const {
    return item(digits.images, n).reshaped({1, 1, 28, 28});
  }
};

// Runs a network on all of the digits and keeps its answers.
inline AnsweredDigits answered(Layer<>& network, Dataset digits) {
  Tensor<> logits = evaluate(network, digits);
  return {std::move(digits), logits, softmax(logits), predictions(logits)};
}

}  // namespace cnn
