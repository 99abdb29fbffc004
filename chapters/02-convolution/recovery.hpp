// Sobel's kernel, forgotten and found again from ten digits.
// Book: book/02-convolution.md
#pragma once

#include <cstdint>
#include <vector>

#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/kernel_search.hpp"
#include "02-convolution/pictures.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

struct Recovery {
  double good_enough = 1e-8;
  std::vector<SearchStep> path;
  double unseen_error = 0;  // on digits that the search never saw

  const SearchStep& end() const { return path.back(); }
  int kept() const { return static_cast<int>(path.size()) - 1; }
  int tries() const { return end().forward_passes - 1; }
  float difference() const {
    return max_abs_difference(end().kernel, sobel_x());
  }
  // Is the error on unseen digits below ten times the error aimed at?
  bool has_learned_the_kernel() const {
    return unseen_error < 10 * good_enough;
  }
};

// Searches with ten training digits, then measures the error on ten
// held-out ones.
inline Recovery recover_sobel(const Split& digits, std::uint64_t seed,
                              int most_passes = 50000) {
  Recovery result;
  result.path = recover_kernel(
      examples_of(some_digits(digits.train, 10, seed), sobel_x()),
      result.good_enough, most_passes);
  result.unseen_error = kernel_error(
      examples_of(some_digits(digits.held_out, 10, seed), sobel_x()),
      result.end().kernel);
  return result;
}

// The forward passes at which a table or a figure looks at a search.
inline std::vector<int> moments(const std::vector<SearchStep>& path) {
  const int end = path.back().forward_passes;
  std::vector<int> passes;
  for (const int pass : {1, 10, 30, 100, 300, 1000})
    if (pass < end) passes.push_back(pass);
  passes.push_back(end);
  return passes;
}

// What it costs to measure the error once, in multiply-adds: `digits`
// pictures (H, W), each with a window of K x K at all its places.
inline int pass_price(int digits, int H, int W, int K) {
  return digits * output_size(H, K, 1, 0) * output_size(W, K, 1, 0) * K * K;
}

}  // namespace cnn
