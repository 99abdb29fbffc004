// Otsu's threshold for a handful of pixels, split by split.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "common/tensor/fail.hpp"

namespace cnn {

// One way to split pixels: those up to level `last` are below, the rest
// above.
struct TriedSplit {
  int last = 0;
  double share_below = 0, share_above = 0;
  double mean_below = 0, mean_above = 0;
  double between = 0;  // variance between the sides (17.3)
};

// Every way to split the pixels by their level, the smallest `last` first.
// Throws std::invalid_argument for fewer than two levels.
inline std::vector<TriedSplit> compute_splits(std::vector<int> pixels) {
  std::sort(pixels.begin(), pixels.end());
  if (pixels.empty() || pixels.front() == pixels.back())
    fail(Refusal::argument,
         "compute_splits: expected two levels or more, got " +
             std::to_string(pixels.empty() ? 0 : 1));
  const auto mean = [&](std::size_t begin, std::size_t end) {
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += pixels[i];
    return sum / static_cast<double>(end - begin);
  };
  std::vector<TriedSplit> splits;
  for (std::size_t below = 1; below < pixels.size(); ++below) {
    if (pixels[below] == pixels[below - 1]) continue;
    TriedSplit it;
    it.last = pixels[below - 1];
    it.share_below =
        static_cast<double>(below) / static_cast<double>(pixels.size());
    it.share_above = 1 - it.share_below;
    it.mean_below = mean(0, below);
    it.mean_above = mean(below, pixels.size());
    const double apart = it.mean_above - it.mean_below;
    it.between = it.share_below * it.share_above * apart * apart;
    splits.push_back(it);
  }
  return splits;
}

}  // namespace cnn
