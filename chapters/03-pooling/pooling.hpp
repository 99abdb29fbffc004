// Pooling: keep what was found in a window, forget where in it.
// Book: book/03-pooling.md
#pragma once

#include <limits>
#include <string>

#include "02-convolution/convolution.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// A square window of `window` x `window` cells that moves `stride` cells at
// a time over an image with a border of `padding` cells.
struct Pooling {
  int window = 2;
  int stride = 2;
  int padding = 0;
};

// Throws std::invalid_argument for padding of more than half the window: it
// would mostly pool the border.
inline void require_pooling(const Pooling& pooling,
                            const std::string& where) {
  if (pooling.padding > pooling.window / 2) {
    fail(Refusal::argument,
         where +
             ": expected padding of at most half the window, got window " +
             std::to_string(pooling.window) + " and padding " +
             std::to_string(pooling.padding));
  }
}

// Whether a cell takes the lead in its window. A larger number does, and so
// does a NaN: trouble must be seen, not swallowed.
template <class T>
bool takes_the_lead(T cell, T leader) {
  return cell > leader || cell != cell;
}

// The largest number in each window. The border holds minus infinity, which
// never wins.
// input (N, C, H, W) -> output (N, C, H_out, W_out)
template <class T>
Tensor<T> max_pool(const Tensor<T>& input, const Pooling& pooling = {}) {
  require_rank(input.shape(), 4, "max_pool", "input");
  require_pooling(pooling, "max_pool");
  const auto [window, stride, padding] = pooling;
  const int N = input.extent(0), C = input.extent(1);
  const int H_out = output_size(input.extent(2), window, stride, padding);
  const int W_out = output_size(input.extent(3), window, stride, padding);
  const T lowest = -std::numeric_limits<T>::infinity();
  const Tensor<T> padded = pad(input, padding, lowest);
  Tensor<T> output({N, C, H_out, W_out});
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x) {
          T largest = lowest;
          for (int ky = 0; ky < window; ++ky)
            for (int kx = 0; kx < window; ++kx) {
              const T cell = padded(n, c, y * stride + ky, x * stride + kx);
              if (takes_the_lead(cell, largest)) largest = cell;
            }
          output(n, c, y, x) = largest;  // (3.1)
        }
  return output;
}

// The mean of each window. The border holds zeros and counts as cells.
// input (N, C, H, W) -> output (N, C, H_out, W_out)
template <class T>
Tensor<T> average_pool(const Tensor<T>& input,
                       const Pooling& pooling = {}) {
  require_rank(input.shape(), 4, "average_pool", "input");
  require_pooling(pooling, "average_pool");
  const auto [window, stride, padding] = pooling;
  const int N = input.extent(0), C = input.extent(1);
  const int H_out = output_size(input.extent(2), window, stride, padding);
  const int W_out = output_size(input.extent(3), window, stride, padding);
  const T cells = static_cast<T>(window) * static_cast<T>(window);
  const Tensor<T> padded = pad(input, padding);
  Tensor<T> output({N, C, H_out, W_out});
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x) {
          T sum = 0;
          for (int ky = 0; ky < window; ++ky)
            for (int kx = 0; kx < window; ++kx)
              sum += padded(n, c, y * stride + ky, x * stride + kx);
          output(n, c, y, x) = sum / cells;  // (3.2)
        }
  return output;
}

}  // namespace cnn
