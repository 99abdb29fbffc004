// One way to solve exercises/two_thresholds.hpp.
#pragma once

#include <utility>
#include <vector>

namespace cnn {

inline std::pair<int, int> two_thresholds(const std::vector<int>& counts) {
  // The pixels below each level, and the sum of their levels.
  std::vector<double> pixels = {0}, sums = {0};
  for (std::size_t level = 0; level < counts.size(); ++level) {
    pixels.push_back(pixels.back() + counts[level]);
    sums.push_back(sums.back() +
                   counts[level] * static_cast<double>(level));
  }
  // What one group adds, up to a constant: sum^2 / pixels; -1 if empty.
  const auto spread = [&](std::size_t first, std::size_t end) {
    const double count = pixels[end] - pixels[first];
    const double sum = sums[end] - sums[first];
    return count > 0 ? sum * sum / count : -1.0;
  };
  std::pair<int, int> best;
  double most = -1;
  for (std::size_t a = 0; a + 2 < counts.size(); ++a)
    for (std::size_t b = a + 1; b + 1 < counts.size(); ++b) {
      const double low = spread(0, a + 1), middle = spread(a + 1, b + 1),
                   high = spread(b + 1, counts.size());
      if (low < 0 || middle < 0 || high < 0) continue;
      if (low + middle + high > most * (1 + 1e-12)) {
        most = low + middle + high;
        best = {static_cast<int>(a), static_cast<int>(b)};
      }
    }
  return best;
}

}  // namespace cnn
