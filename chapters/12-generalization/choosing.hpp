// The luck of choosing: the best of many equally good settings looks better
// than it is.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Simulates choosing the best of `settings` settings, `trials` times. Each
// setting reads a share `share` of all digits, and is measured on `digits`
// digits of its own. Returns by how large a share the chosen one seems
// better than it is: the mean over the trials, with its standard error.
// Throws std::invalid_argument for fewer than one setting, digit or trial.
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

// By how much the best of some networks lies above the mean of all: on the
// digits by which it was chosen (`promised`), and on others (`kept`).
struct Chosen {
  double promised = 0, kept = 0;
};

// right[i][n]: whether network i read digit n right. Cuts the digits into
// halves at random, `cuts` times, chooses the best network by each half in
// turn, and returns the means of all these choices.
// Throws std::invalid_argument without networks or cuts, or unless all
// networks have the same number of digits, two or more.
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
    // shares[half][i]: what share of that half network i reads right.
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
