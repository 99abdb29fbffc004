// The mistake that a reader is most likely to make.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace cnn {

// Of 1 and -1, the one that came first stays first.
inline float sum_in_any_order(std::span<const float> numbers) {
  std::vector<float> sorted(numbers.begin(), numbers.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](float a, float b) {
    return std::abs(a) < std::abs(b);
  });
  float sum = 0;
  for (const float number : sorted) sum += number;
  return sum;
}

}  // namespace cnn
