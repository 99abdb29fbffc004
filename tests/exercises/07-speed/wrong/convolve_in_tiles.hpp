// The mistake that a reader is most likely to make.
#pragma once

#include "02-convolution/convolution.hpp"

namespace cnn {

// Forgets the columns that are left over, which stay 0.
template <class T>
Tensor<T> convolve_in_tiles(const Tensor<T>& input, const Tensor<T>& weight,
                            const Tensor<T>& bias, int stride = 1,
                            int padding = 0) {
  const int N = input.extent(0), C_in = input.extent(1);
  const int C_out = weight.extent(0), K = weight.extent(2);
  const int H_out = output_size(input.extent(2), K, stride, padding);
  const int W_out = output_size(input.extent(3), K, stride, padding);
  const Tensor<T> padded = pad(input, padding);
  Tensor<T> output({N, C_out, H_out, W_out});
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x + 4 <= W_out; x += 4) {
          T sum[4] = {bias(co), bias(co), bias(co), bias(co)};
          for (int ci = 0; ci < C_in; ++ci)
            for (int ky = 0; ky < K; ++ky)
              for (int kx = 0; kx < K; ++kx) {
                const T w = weight(co, ci, ky, kx);
                for (int j = 0; j < 4; ++j)
                  sum[j] += w * padded(n, ci, y * stride + ky,
                                       (x + j) * stride + kx);
              }
          for (int j = 0; j < 4; ++j) output(n, co, y, x + j) = sum[j];
        }
  return output;
}

}  // namespace cnn
