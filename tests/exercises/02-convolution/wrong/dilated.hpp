// The mistake that a reader is most likely to make.
#pragma once

#include "02-convolution/convolution.hpp"

namespace cnn {

// Takes the window to be K * dilation cells wide, with a gap after the last
// weight.
inline Tensor<> correlate_dilated(const Tensor<>& image,
                                  const Tensor<>& kernel, int dilation) {
  if (dilation < 1) throw std::invalid_argument("correlate_dilated");
  const int K = kernel.extent(0);
  const int H_out = output_size(image.extent(0), K * dilation, 1, 0);
  const int W_out = output_size(image.extent(1), K * dilation, 1, 0);
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
