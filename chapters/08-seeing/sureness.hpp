// How sure a network is of its answers, and how often a sure answer is
// right.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// The answer to one image: the class and its probability.
struct Opinion {
  int said = 0;
  float probability = 0;
};

// logits (N, classes) -> N opinions
// Throws std::invalid_argument if a row has no probabilities, as with NaN.
inline std::vector<Opinion> opinions(const Tensor<>& logits) {
  const Tensor<> probabilities = softmax(logits);
  require_answers(probabilities, "opinions");
  std::vector<Opinion> all;
  for (int n = 0; n < logits.extent(0); ++n) {
    Opinion it;
    for (int k = 0; k < logits.extent(1); ++k)
      if (probabilities(n, k) > it.probability)
        it = {k, probabilities(n, k)};
    all.push_back(it);
  }
  return all;
}

inline void require_opinions(const std::vector<Opinion>& all,
                             const std::string& where) {
  if (all.empty())
    fail(Refusal::argument,
         where + ": expected one opinion or more, got none");
}

// The mean probability, and the share of the probabilities that are `bound`
// or more. Both throw std::invalid_argument if there are no opinions.
inline double mean_sureness(const std::vector<Opinion>& all) {
  require_opinions(all, "mean_sureness");
  double sum = 0;
  for (const Opinion& it : all) sum += static_cast<double>(it.probability);
  return sum / static_cast<double>(all.size());
}
inline double share_above(const std::vector<Opinion>& all, float bound) {
  require_opinions(all, "share_above");
  return static_cast<double>(std::count_if(
             all.begin(), all.end(),
             [&](const Opinion& it) { return it.probability >= bound; })) /
         static_cast<double>(all.size());
}

// ---- Promised and kept -------------------------------------------------

// The opinions whose probability p lies in one interval. Each promises to
// be right with probability p, and so to be wrong with probability 1 - p.
struct Promise {
  int count = 0, wrong = 0;
  double promised_wrong = 0;  // the sum of 1 - p
};

// One entry for each interval. The intervals begin at 0 and at each of the
// bounds, which are in ascending order, and the last one ends at 1. A bound
// belongs to the interval above it.
// Throws std::invalid_argument unless each opinion has a label.
inline std::vector<Promise> promises(const std::vector<Opinion>& all,
                                     const std::vector<int>& labels,
                                     const std::vector<float>& bounds) {
  if (labels.size() != all.size())
    fail(Refusal::argument, "promises: expected " +
                                counted_text(all.size(), "label") +
                                ", got " + std::to_string(labels.size()));
  std::vector<Promise> found(bounds.size() + 1);
  for (std::size_t n = 0; n < all.size(); ++n) {
    const float p = all[n].probability;
    const auto interval =
        std::upper_bound(bounds.begin(), bounds.end(), p) - bounds.begin();
    Promise& it = found[static_cast<std::size_t>(interval)];
    ++it.count;
    it.wrong += all[n].said != labels[n];
    it.promised_wrong += 1 - static_cast<double>(p);
  }
  return found;
}

// The mean probability of the opinions with a probability of `bound` or
// more; none if there are no such opinions.
inline std::optional<double> mean_sureness_above(
    const std::vector<Opinion>& all, float bound) {
  std::vector<Opinion> sure;
  std::copy_if(all.begin(), all.end(), std::back_inserter(sure),
               [&](const Opinion& it) { return it.probability >= bound; });
  if (sure.empty()) return std::nullopt;
  return mean_sureness(sure);
}

// The share of the opinions with a probability of `bound` or more that are
// right; none if there are no such opinions.
// Throws std::invalid_argument unless each opinion has a label.
inline std::optional<double> share_right_above(
    const std::vector<Opinion>& all, const std::vector<int>& labels,
    float bound) {
  if (labels.size() != all.size())
    fail(Refusal::argument, "share_right_above: expected " +
                                counted_text(all.size(), "label") +
                                ", got " + std::to_string(labels.size()));
  int sure = 0, right = 0;
  for (std::size_t n = 0; n < all.size(); ++n)
    if (all[n].probability >= bound) {
      ++sure;
      right += all[n].said == labels[n];
    }
  if (sure == 0) return std::nullopt;
  return static_cast<double>(right) / sure;
}

}  // namespace cnn
