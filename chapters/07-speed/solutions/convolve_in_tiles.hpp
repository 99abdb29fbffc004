// One way to solve exercises/convolve_in_tiles.hpp.
#pragma once

#include "02-convolution/convolution.hpp"

namespace cnn {

// Computes some columns of one row of the output, from x on. Their number
// is known at compile time, so the sums can stay in registers.
template <int Columns, class T>
void sum_columns(const Tensor<T>& padded, const Tensor<T>& weight,
                 const Tensor<T>& bias, int stride, int n, int co, int y,
                 int x, Tensor<T>& output) {
  T sum[Columns];
  for (int j = 0; j < Columns; ++j) sum[j] = bias(co);
  for (int ci = 0; ci < weight.extent(1); ++ci)
    for (int ky = 0; ky < weight.extent(2); ++ky)
      for (int kx = 0; kx < weight.extent(3); ++kx) {
        const T w = weight(co, ci, ky, kx);
        for (int j = 0; j < Columns; ++j)
          sum[j] +=
              w * padded(n, ci, y * stride + ky, (x + j) * stride + kx);
      }
  for (int j = 0; j < Columns; ++j) output(n, co, y, x + j) = sum[j];
}

template <class T>
Tensor<T> convolve_in_tiles(const Tensor<T>& input, const Tensor<T>& weight,
                            const Tensor<T>& bias, int stride = 1,
                            int padding = 0) {
  const int N = input.extent(0), C_out = weight.extent(0);
  const int K = weight.extent(2);
  const int H_out = output_size(input.extent(2), K, stride, padding);
  const int W_out = output_size(input.extent(3), K, stride, padding);
  const Tensor<T> padded = pad(input, padding);
  Tensor<T> output({N, C_out, H_out, W_out});
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out; ++y) {
        int x = 0;
        for (; x + 4 <= W_out; x += 4)
          sum_columns<4>(padded, weight, bias, stride, n, co, y, x, output);
        for (; x < W_out; ++x)
          sum_columns<1>(padded, weight, bias, stride, n, co, y, x, output);
      }
  return output;
}

}  // namespace cnn
