// One way to solve exercises/convolve_relu_max_pool.hpp.
#pragma once

#include "03-pooling/pooling.hpp"

namespace cnn {

template <class T>
Tensor<T> convolve_relu_max_pool(const Tensor<T>& input,
                                 const Tensor<T>& weight,
                                 const Tensor<T>& bias, int padding,
                                 int window) {
  const int N = input.extent(0), C_in = input.extent(1);
  const int C_out = weight.extent(0), K = weight.extent(2);
  const int H = output_size(input.extent(2), K, 1, padding);
  const int W = output_size(input.extent(3), K, 1, padding);
  const int H_out = output_size(H, window, window, 0);
  const int W_out = output_size(W, window, window, 0);
  const Tensor<T> padded = pad(input, padding);
  Tensor<T> output({N, C_out, H_out, W_out});  // zeros, ReLU's least
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out * window; ++y)
        for (int x = 0; x < W_out * window; ++x) {
          T sum = bias(co);
          for (int ci = 0; ci < C_in; ++ci)
            for (int ky = 0; ky < K; ++ky)
              for (int kx = 0; kx < K; ++kx)
                sum +=
                    weight(co, ci, ky, kx) * padded(n, ci, y + ky, x + kx);
          T& largest = output(n, co, y / window, x / window);
          if (takes_the_lead(sum, largest)) largest = sum;
        }
  return output;
}

}  // namespace cnn
