// One way to solve exercises/dilated.hpp.
#pragma once

#include "02-convolution/convolution.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

inline Tensor<> correlate_dilated(const Tensor<>& image,
                                  const Tensor<>& kernel, int dilation) {
  if (dilation < 1)
    fail(Refusal::argument,
         "correlate_dilated: expected a dilation of 1 or more, got " +
             std::to_string(dilation));
  const int K = kernel.extent(0);
  const int reach = (K - 1) * dilation + 1;  // cells from end to end
  const int H_out = output_size(image.extent(0), reach, 1, 0);
  const int W_out = output_size(image.extent(1), reach, 1, 0);
  Tensor<> output({H_out, W_out});
  for (int y = 0; y < H_out; ++y)
    for (int x = 0; x < W_out; ++x)
      for (int ky = 0; ky < K; ++ky)
        for (int kx = 0; kx < K; ++kx)
          output(y, x) +=
              kernel(ky, kx) * image(y + ky * dilation, x + kx * dilation);
  return output;
}

}  // namespace cnn
