// What pooling keeps of each window, and of the edges of a digit.
// Book: book/03-pooling.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "02-convolution/kernel_effects.hpp"
#include "02-convolution/pictures.hpp"
#include "03-pooling/pooling.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// ---- Window by window --------------------------------------------------

struct PooledWindow {
  int y = 0, x = 0;  // its cell of the output
  Tensor<> numbers;  // (window, window)
  float largest = 0, mean = 0;
};

// Every window of a map without padding, in reading order.
// map (1, 1, H, W)
inline std::vector<PooledWindow> windows_of(const Tensor<>& map,
                                            const Pooling& it) {
  const Tensor<> largest = max_pool(map, it), mean = average_pool(map, it);
  std::vector<PooledWindow> windows;
  for (int y = 0; y < largest.extent(2); ++y)
    for (int x = 0; x < largest.extent(3); ++x) {
      Tensor<> numbers({it.window, it.window});
      for (int ky = 0; ky < it.window; ++ky)
        for (int kx = 0; kx < it.window; ++kx)
          numbers(ky, kx) =
              map(0, 0, y * it.stride + ky, x * it.stride + kx);
      windows.push_back(
          {y, x, numbers, largest(0, 0, y, x), mean(0, 0, y, x)});
    }
  return windows;
}

// How many windows have this number as their largest.
inline int windows_won(const Tensor<>& map, const Pooling& it,
                       float number) {
  const Tensor<> largest = max_pool(map, it);
  return static_cast<int>(
      std::count(largest.data().begin(), largest.data().end(), number));
}

// ---- The edges of a digit ----------------------------------------------

// Sobel x with its negative numbers set to 0: above 0 only where the
// picture turns brighter from left to right.
// digit (1, 1, H, W) -> the same shape
inline Tensor<> left_edges(const Tensor<>& digit) {
  Tensor<> edges = as_batch(edges_of(plane(digit)));
  for (float& answer : edges.data()) answer = std::max(answer, 0.0f);
  return edges;
}

struct MapSummary {
  std::string name;
  int cells = 0;
  float largest = 0;
  double mean = 0;
};

// Summarises a map (1, 1, H, W) of numbers that are 0 or more.
inline MapSummary summary_of(const std::string& name, const Tensor<>& map) {
  return {name, map.size(),
          *std::max_element(map.data().begin(), map.data().end()),
          mean_of(map)};
}

// Summaries of the map itself, then of its max and its mean over windows of
// 2, then of both over windows of 4.
inline std::vector<MapSummary> summarise_pooled(const Tensor<>& edges) {
  std::vector<MapSummary> maps = {summary_of("the edges", edges)};
  for (const int window : {2, 4}) {
    const Pooling it{.window = window, .stride = window};
    const std::string size = std::to_string(window);
    maps.push_back(summary_of("max " + size, max_pool(edges, it)));
    maps.push_back(summary_of("mean " + size, average_pool(edges, it)));
  }
  return maps;
}

// Does each max keep the largest number, and each mean the mean?
// maps: in the order of summarise_pooled()
inline bool each_keeps_its_own(const std::vector<MapSummary>& maps) {
  for (std::size_t i = 1; i + 1 < maps.size(); i += 2)
    if (maps[i].largest != maps[0].largest ||
        std::abs(maps[i + 1].mean - maps[0].mean) > 1e-4)
      return false;
  return true;
}

}  // namespace cnn
