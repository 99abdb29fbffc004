// A second opinion: the same crop turned and slanted a little.
// Book: book/17-handwriting.md
#pragma once

#include <array>
#include <functional>

#include "06-training/batches.hpp"
#include "12-generalization/warping.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The probabilities of the classes for each image:
// (N, 1, 28, 28) -> (N, classes)
using Reader = std::function<Tensor<>(const Tensor<>&)>;

// The crop as it is, turned by 10 degrees either way, and slanted either
// way.
inline const std::array<Warp, 5> views = {
    Warp{}, warp_of(10, 1, 0), warp_of(-10, 1, 0), warp_of(0, 1, 0.2),
    warp_of(0, 1, -0.2)};

// The reader's probabilities, averaged over these views. A digit remains
// what it is if it is turned a little; what only happens to look like one
// may change. crops (N, 1, 28, 28) -> (N, classes)
inline Tensor<> steady_answers(const Tensor<>& crops,
                               const Reader& reader) {
  const int N = crops.extent(0), K = static_cast<int>(views.size());
  Tensor<> seen({K * N, 1, 28, 28});
  for (int n = 0; n < N; ++n)
    for (int k = 0; k < K; ++k)
      warp(row_of(crops, n), row_of(seen, n * K + k), 28, 28,
           views[static_cast<std::size_t>(k)]);
  const Tensor<> answers = in_batches(
      seen, [&](int, const Tensor<>& some) { return reader(some); });
  Tensor<> mean({N, answers.extent(1)});
  for (int n = 0; n < N; ++n)
    for (int k = 0; k < K; ++k)
      for (int c = 0; c < mean.extent(1); ++c)
        mean(n, c) += answers(n * K + k, c) / static_cast<float>(K);
  return mean;
}

}  // namespace cnn
