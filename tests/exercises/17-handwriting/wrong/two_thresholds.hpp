// The mistake that a reader is most likely to make.
#pragma once

#include <utility>
#include <vector>

namespace cnn {

// Otsu's threshold, and then the same once more among the levels above it:
// the best pair need not hold the best single threshold.
inline std::pair<int, int> two_thresholds(const std::vector<int>& counts) {
  const auto split = [&](std::size_t first) {
    double all = 0, sum = 0, below = 0, sum_below = 0, most = -1;
    for (std::size_t i = first; i < counts.size(); ++i) {
      all += counts[i];
      sum += counts[i] * static_cast<double>(i);
    }
    std::size_t best = first;
    for (std::size_t i = first; i + 1 < counts.size(); ++i) {
      below += counts[i];
      sum_below += counts[i] * static_cast<double>(i);
      if (below == 0 || below == all) continue;
      const double apart =
          (sum - sum_below) / (all - below) - sum_below / below;
      if (below * (all - below) * apart * apart > most) {
        most = below * (all - below) * apart * apart;
        best = i;
      }
    }
    return best;
  };
  const std::size_t a = split(0);
  return {static_cast<int>(a), static_cast<int>(split(a + 1))};
}

}  // namespace cnn
