// Several networks that are asked together.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The logarithm of the mean of the networks' probabilities, which serves as
// the logits of one network with those probabilities.
// logits: (N, classes) for each network -> (N, classes)
// Throws std::invalid_argument without a network, or if shapes differ.
inline Tensor<> ensemble_logits(const std::vector<Tensor<>>& logits) {
  if (logits.empty())
    fail(Refusal::argument,
         "ensemble_logits: expected one network or more, got none");
  Tensor<> sum(logits[0].shape());
  for (const Tensor<>& one : logits) {
    require_shape(one.shape(), sum.shape(), "ensemble_logits", "logits");
    const Tensor<> probabilities = softmax(one);
    for (std::size_t i = 0; i < sum.data().size(); ++i)
      sum.data()[i] += probabilities.data()[i];
  }
  const auto networks = static_cast<float>(logits.size());
  for (float& it : sum.data())  // NaN stays NaN
    it = std::log(it < 1e-30f ? 1e-30f : it / networks);
  return sum;
}

struct EnsembleScore {
  double accuracy = 0, loss = 0;
};

// The scores of 1, 2, ..., all of the networks asked together: for each
// number of networks, the mean over all ways to choose that many.
// logits: (N, classes) for each network; labels: N
// Throws std::invalid_argument unless there are 1 to 16 networks.
inline std::vector<EnsembleScore> compute_ensembles(
    const std::vector<Tensor<>>& logits, const std::vector<int>& labels) {
  const std::size_t networks = logits.size();
  if (networks < 1 || networks > 16)
    fail(Refusal::argument,
         "compute_ensembles: expected 1 to 16 networks, got " +
             std::to_string(networks));
  std::vector<EnsembleScore> scores(networks);
  std::vector<int> ways(networks);
  for (unsigned set = 1; set < 1u << networks; ++set) {
    std::vector<Tensor<>> some;
    for (std::size_t i = 0; i < networks; ++i)
      if (set >> i & 1u) some.push_back(logits[i]);
    const Tensor<> together = ensemble_logits(some);
    EnsembleScore& score = scores[some.size() - 1];
    score.accuracy += accuracy(together, labels);
    score.loss += static_cast<double>(cross_entropy(together, labels));
    ++ways[some.size() - 1];
  }
  for (std::size_t i = 0; i < networks; ++i) {
    scores[i].accuracy /= ways[i];
    scores[i].loss /= ways[i];
  }
  return scores;
}

}  // namespace cnn
