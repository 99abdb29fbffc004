// The luck of choosing: the best of many equal settings looks better than
// it is.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Some settings that are all equally good are measured on so many digits
// each, and the best one is kept, `trials` times: by how much it seems
// better than it is, on average and with its standard error.
// Throws std::invalid_argument unless there are settings, digits, trials.
inline SeedMean compute_luck(int settings, double share, int digits,
                             int trials, std::uint64_t seed) {
  if (settings < 1 || digits < 1)
    fail(Refusal::argument,
         "compute_luck: expected one setting and one digit or more, got " +
             std::to_string(settings) + " and " + std::to_string(digits));
  Random random(seed);
  const auto limit = static_cast<float>(share);
  std::vector<double> luck;
  for (int trial = 0; trial < trials; ++trial) {
    int best = 0;
    for (int i = 0; i < settings; ++i) {
      int right = 0;
      for (int n = 0; n < digits; ++n) right += random.uniform() < limit;
      best = std::max(best, right);
    }
    luck.push_back(static_cast<double>(best) / digits -
                   static_cast<double>(limit));
  }
  return seed_mean(luck);
}

// What the best of some networks promised on the digits by which it was
// chosen, and what it kept on others: by how much it lay above the mean of
// all of them.
struct Chosen {
  double promised = 0, kept = 0;
};

// right: of each network, which of the same digits it read right. The
// digits are cut into halves at random, `cuts` times; the mean of all cuts
// in which each half is the one to choose by once.
// Throws std::invalid_argument unless there are networks, and two digits or
// more, as many for each.
inline Chosen compute_chosen(const std::vector<std::vector<bool>>& right,
                             int cuts, std::uint64_t seed) {
  const std::size_t digits = right.empty() ? 0 : right[0].size();
  for (const auto& one : right)
    if (one.size() != digits || digits < 2 || cuts < 1)
      fail(Refusal::argument,
           "compute_chosen: expected two digits or more, as many for each "
           "network, and a cut");
  if (right.empty())
    fail(Refusal::argument, "compute_chosen: expected networks, got none");
  Random random(seed);
  Chosen mean;
  for (int cut = 0; cut < cuts; ++cut) {
    const std::vector<int> order =
        random.permutation(static_cast<int>(digits));
    // Of each network the share of either half that it reads right.
    std::vector<double> shares[2];
    double means[2] = {};
    for (const int half : {0, 1}) {
      const std::size_t begin = half == 0 ? 0 : digits / 2,
                        end = half == 0 ? digits / 2 : digits;
      for (const auto& one : right) {
        int sum = 0;
        for (std::size_t n = begin; n < end; ++n)
          sum += one[static_cast<std::size_t>(order[n])];
        shares[half].push_back(sum / static_cast<double>(end - begin));
        means[half] +=
            shares[half].back() / static_cast<double>(right.size());
      }
    }
    for (const int half : {0, 1}) {
      const auto best = static_cast<std::size_t>(
          std::max_element(shares[half].begin(), shares[half].end()) -
          shares[half].begin());
      mean.promised += (shares[half][best] - means[half]) / (2 * cuts);
      mean.kept += (shares[1 - half][best] - means[1 - half]) / (2 * cuts);
    }
  }
  return mean;
}

}  // namespace cnn
