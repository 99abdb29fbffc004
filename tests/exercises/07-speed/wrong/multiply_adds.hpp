// The mistake that a reader is most likely to make.
#pragma once

#include <variant>

#include "06-training/network.hpp"

namespace cnn {

// Assumes a window at every cell of the input, which is right only where
// the output is as large.
inline long long multiply_adds(const Architecture& architecture,
                               const Shape& image) {
  long long count = 0;
  int C = image[0], H = image[1], W = image[2];
  const auto slide = [&](int window, int stride, int padding) {
    H = output_size(H, window, stride, padding);
    W = output_size(W, window, stride, padding);
  };
  for (const auto& entry : architecture) {
    if (const auto* it = std::get_if<Convolution>(&entry)) {
      count += 1LL * it->channels * H * W * C * it->kernel * it->kernel;
      slide(it->kernel, it->stride, it->padding);
      C = it->channels;
    } else if (const auto* max = std::get_if<MaxPool>(&entry)) {
      slide(max->pooling.window, max->pooling.stride, max->pooling.padding);
    } else if (const auto* mean = std::get_if<AveragePool>(&entry)) {
      slide(mean->pooling.window, mean->pooling.stride,
            mean->pooling.padding);
    } else if (std::holds_alternative<Flatten>(entry)) {
      C *= H * W;
    } else if (const auto* dense = std::get_if<Dense>(&entry)) {
      count += 1LL * dense->outputs * C;
      C = dense->outputs;
    }
  }
  return count;
}

}  // namespace cnn
