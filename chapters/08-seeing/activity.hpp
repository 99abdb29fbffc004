// Who is at work: filters that never answer, and how strong the answers
// are.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "08-seeing/strongest.hpp"

namespace cnn {

// What one layer answered to all images of a data set.
struct Activity {
  std::vector<int> alive;  // cells above 0, for each channel
  int cells = 0;           // of one channel over all images

  // Channels without a single cell above 0: behind a ReLU they say nothing
  // and, as ReLU's gradient is 0 there, their weights get no gradient.
  int dead() const {
    return static_cast<int>(std::count(alive.begin(), alive.end(), 0));
  }
  // The share of all cells that are above 0.
  double share() const {
    double sum = 0;
    for (const int count : alive) sum += count;
    return sum /
           (static_cast<double>(cells) * static_cast<double>(alive.size()));
  }
};

inline Activity activity(FastNetwork& network, const Dataset& data,
                         std::size_t layer) {
  Activity it;
  for_outputs(network, data, [&](int, const auto& outputs) {
    const Tensor<>& output = outputs.at(layer);
    const int N = output.extent(0), C = output.extent(1);
    const int area = output.size() / (N * C);
    it.alive.resize(static_cast<std::size_t>(C));
    it.cells += N * area;
    for (int i = 0; i < output.size(); ++i)
      it.alive[static_cast<std::size_t>(i / area % C)] +=
          output.data()[static_cast<std::size_t>(i)] > 0;
  });
  return it;
}

// The share of the numbers that lie in each of `bins` intervals of equal
// width from low to high; those outside count in the first or the last.
inline std::vector<double> share_in_bins(std::span<const float> numbers,
                                         float low, float high, int bins) {
  if (!(low < high) || bins < 1)
    throw std::invalid_argument(
        "share_in_bins: expected low < high and 1 bin or more, got " +
        std::to_string(low) + ", " + std::to_string(high) + " and " +
        std::to_string(bins));
  std::vector<double> shares(static_cast<std::size_t>(bins));
  const float width = (high - low) / static_cast<float>(bins);
  for (const float number : numbers) {
    const auto bin = static_cast<int>(std::clamp(
        (number - low) / width, 0.0f, static_cast<float>(bins) - 0.5f));
    shares[static_cast<std::size_t>(bin)] +=
        1.0 / static_cast<double>(numbers.size());
  }
  return shares;
}

}  // namespace cnn
