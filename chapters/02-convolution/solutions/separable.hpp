// One way to solve exercises/separable.hpp.
#pragma once

#include "02-convolution/convolution.hpp"

namespace cnn {

template <class T>
Tensor<T> correlate_separable(const Tensor<T>& image,
                              const Tensor<T>& column,
                              const Tensor<T>& row) {
  const int K = row.extent(0);
  const int H = image.extent(0);
  const int H_out = output_size(H, K, 1, 0);
  const int W_out = output_size(image.extent(1), K, 1, 0);
  Tensor<T> along_rows({H, W_out});  // all rows: the columns need them
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W_out; ++x)
      for (int kx = 0; kx < K; ++kx)
        along_rows(y, x) += row(kx) * image(y, x + kx);
  Tensor<T> output({H_out, W_out});
  for (int y = 0; y < H_out; ++y)
    for (int x = 0; x < W_out; ++x)
      for (int ky = 0; ky < K; ++ky)
        output(y, x) += column(ky) * along_rows(y + ky, x);
  return output;
}

}  // namespace cnn
