// What n blocks do to a signal and to a gradient, by formula: small enough
// to follow by hand.
// Book: book/14-residual.md
#pragma once

#include <string>
#include <vector>

#include "10-initialization/same_everywhere.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// How the output of n blocks in a row changes with their input, if each
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

// A signal enters n blocks, and at each it takes the branch or the skip, so
// that there are 2^n paths. counts[k]: those that take k branches.   (14.5)
// Pascal's triangle: a path of n blocks takes the last branch or not.
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

// How much of (14.4) comes over paths of each length: each of them brings
// s^k.                                                               (14.6)
inline std::vector<double> slope_by_length(double slope, int blocks) {
  std::vector<double> shares = paths_by_length(blocks);
  const double all = slope_of_blocks(slope, blocks, true);
  for (std::size_t k = 0; k < shares.size(); ++k)
    shares[k] *= whole_power(slope, static_cast<int>(k)) / all;
  return shares;
}

// The mean length, where weights[k] paths have length k.
// Throws std::invalid_argument if the weights sum to 0.
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

// What a branch adds to the stream of a network that is at its start:
// numbers of the stream's own size, numbers of variance 1 (a normalization
// at the branch's end), or nothing.
enum class BranchStart { as_large, standardized, nothing };

// The stream's variance after n blocks, if it enters with v and what a
// branch adds has nothing to do with what is there.                  (14.7)
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
