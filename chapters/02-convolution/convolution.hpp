// Convolution: one small square of weights, used at every place of an
// image.
// Book: book/02-convolution.md
#pragma once

#include <algorithm>
#include <limits>
#include <string>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Throws std::invalid_argument for padding below 0, or for so much that an
// int cannot count `size` cells with a border at both ends.
inline void require_padding(int size, int padding,
                            const std::string& where) {
  const int highest = (std::numeric_limits<int>::max() - size) / 2;
  if (padding < 0 || padding > highest) {
    fail(Refusal::argument, where + ": expected padding from 0 to " +
                                std::to_string(highest) + ", got " +
                                std::to_string(padding));
  }
}

// How many places a window of K cells finds along an axis of `size` cells
// with `padding` cells added at both ends, moving `stride` cells at a time:
//   size_out = floor((size + 2 padding - K) / stride) + 1            (2.2)
// Throws std::invalid_argument for bad arguments or if no window fits.
inline int output_size(int size, int K, int stride, int padding) {
  if (size < 1 || K < 1 || stride < 1 || padding < 0) {
    fail(Refusal::argument,
         "output_size: expected size, window and stride of 1 or more and "
         "padding of 0 or more, got size " +
             std::to_string(size) + ", window " + std::to_string(K) +
             ", stride " + std::to_string(stride) + ", padding " +
             std::to_string(padding));
  }
  require_padding(size, padding, "output_size");
  const int room = size + 2 * padding - K;
  if (room < 0) {
    fail(Refusal::argument,
         "output_size: a window of " + std::to_string(K) +
             " does not fit into " + std::to_string(size) +
             " cells with padding " + std::to_string(padding));
  }
  return room / stride + 1;
}

// A copy with a border of `padding` cells that hold `value`, so that the
// loops over windows need not ask where the image ends.
// input (N, C, H, W) -> (N, C, H + 2 padding, W + 2 padding)
template <class T>
Tensor<T> pad(const Tensor<T>& input, int padding, T value = T{0}) {
  require_rank(input.shape(), 4, "pad", "input");
  require_padding(std::max(input.extent(2), input.extent(3)), padding,
                  "pad");
  const int N = input.extent(0), C = input.extent(1);
  const int H = input.extent(2), W = input.extent(3);
  Tensor<T> padded({N, C, H + 2 * padding, W + 2 * padding}, value);
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
          padded(n, c, y + padding, x + padding) = input(n, c, y, x);
  return padded;
}

// One channel, one kernel, no padding, stride 1: (2.1), the whole idea.
// image (H, W)  kernel (K, K) -> (H - K + 1, W - K + 1)
template <class T>
Tensor<T> correlate2d(const Tensor<T>& image, const Tensor<T>& kernel) {
  require_rank(image.shape(), 2, "correlate2d", "image");
  require_rank(kernel.shape(), 2, "correlate2d", "kernel");
  const int K = kernel.extent(0);
  require_shape(kernel.shape(), {K, K}, "correlate2d", "kernel");
  const int H_out = output_size(image.extent(0), K, 1, 0);
  const int W_out = output_size(image.extent(1), K, 1, 0);
  Tensor<T> output({H_out, W_out});
  for (int y = 0; y < H_out; ++y)
    for (int x = 0; x < W_out; ++x) {
      T sum = 0;
      for (int ky = 0; ky < K; ++ky)
        for (int kx = 0; kx < K; ++kx)
          sum += kernel(ky, kx) * image(y + ky, x + kx);  // (2.1)
      output(y, x) = sum;
    }
  return output;
}

// Throws std::invalid_argument unless weight fits input.
// input (N, C_in, H, W)  weight (C_out, C_in, K, K)
inline void require_convolution(const Shape& input, const Shape& weight,
                                const std::string& where) {
  require_rank(input, 4, where, "input");
  require_rank(weight, 4, where, "weight");
  const int C_out = weight[0], C_in = weight[1], K = weight[2];
  require_shape(weight, {C_out, C_in, K, K}, where, "weight");
  if (input[1] != C_in) {
    fail(Refusal::argument,
         where + ": weight " + to_string(weight) + " expects " +
             counted_text(C_in, "input channel") + ", but input " +
             to_string(input) + " has " + std::to_string(input[1]));
  }
}

// What networks call convolution (mathematics calls it cross-correlation):
// every kernel looks at all the channels of every image of a batch, with a
// stride and padding.
// input (N, C_in, H, W)  weight (C_out, C_in, K, K)  bias (C_out)
// -> output (N, C_out, H_out, W_out)
template <class T>
Tensor<T> convolve(const Tensor<T>& input, const Tensor<T>& weight,
                   const Tensor<T>& bias, int stride = 1, int padding = 0) {
  require_convolution(input.shape(), weight.shape(), "convolve");
  require_shape(bias.shape(), {weight.extent(0)}, "convolve", "bias");
  const int N = input.extent(0), C_in = input.extent(1);
  const int C_out = weight.extent(0), K = weight.extent(2);
  const int H_out = output_size(input.extent(2), K, stride, padding);
  const int W_out = output_size(input.extent(3), K, stride, padding);
  const Tensor<T> padded = pad(input, padding);
  Tensor<T> output({N, C_out, H_out, W_out});
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x) {
          T sum = bias(co);
          for (int ci = 0; ci < C_in; ++ci)
            for (int ky = 0; ky < K; ++ky)
              for (int kx = 0; kx < K; ++kx)
                sum += weight(co, ci, ky, kx) *
                       padded(n, ci, y * stride + ky, x * stride + kx);
          output(n, co, y, x) = sum;  // (2.3)
        }
  return output;
}

}  // namespace cnn
