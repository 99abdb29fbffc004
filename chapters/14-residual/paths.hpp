// What n blocks do to a signal and to a gradient, by formula: small enough
// to follow by hand.
// Book: book/14-residual.md
#pragma once

#include <string>
#include <vector>

#include "10-initialization/same_everywhere.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The slope of the output of n blocks in a row against their input, if each
// block's own layers have the slope s:
//   s^n without skips,                                             (14.3)
//   (1 + s)^n with them.                                           (14.4)
inline double slope_of_blocks(double slope, int blocks, bool skips) {
  return whole_power(skips ? 1 + slope : slope, blocks);
}

// Throws std::invalid_argument unless 1 <= blocks <= 60.
inline void require_blocks(int blocks, const std::string& where) {
  if (blocks < 1 || blocks > 60)
    fail(Refusal::argument, where + ": expected 1 to 60 blocks, got " +
                                std::to_string(blocks));
}

// At each of n blocks a signal takes the branch or the skip, so there are
// 2^n paths. Returns how many of them take k branches, for k = 0 to n, from
// Pascal's triangle: a path takes the last branch or not.            (14.5)
// Throws std::invalid_argument unless 1 <= blocks <= 60.
inline std::vector<double> paths_by_length(int blocks) {
  require_blocks(blocks, "paths_by_length");
  std::vector<double> counts = {1};
  for (int n = 0; n < blocks; ++n) {
    counts.push_back(0);
    for (std::size_t k = counts.size() - 1; k > 0; --k)
      counts[k] += counts[k - 1];
  }
  return counts;
}

// The share of (14.4) that comes over the paths with k branches, each of
// which brings s^k, for k = 0 to n.                                  (14.6)
inline std::vector<double> slope_by_length(double slope, int blocks) {
  std::vector<double> shares = paths_by_length(blocks);
  const double all = slope_of_blocks(slope, blocks, true);
  for (std::size_t k = 0; k < shares.size(); ++k)
    shares[k] *= whole_power(slope, static_cast<int>(k)) / all;
  return shares;
}

// The mean length of paths if weights[k] of them have length k.
// Throws std::invalid_argument unless the weights sum to more than 0.
inline double mean_length(const std::vector<double>& weights) {
  double sum = 0, lengths = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    sum += weights[k];
    lengths += static_cast<double>(k) * weights[k];
  }
  if (!(sum > 0))
    fail(Refusal::argument,
         "mean_length: expected weights that sum to more than 0");
  return lengths / sum;
}

// What a branch adds to the stream before the first step: numbers as large
// as the stream's own, numbers of variance 1 (because the branch ends in a
// normalization), or nothing.
enum class BranchStart { as_large, standardized, nothing };

// The stream's variance after n blocks, if it enters with v and what a
// branch adds is uncorrelated with what is already there.            (14.7)
inline double stream_variance(BranchStart start, double v, int blocks) {
  switch (start) {
    case BranchStart::as_large:
      return v * whole_power(2, blocks);
    case BranchStart::standardized:
      return v + blocks;
    default:
      return v;
  }
}

}  // namespace cnn
