// Makes a picture of any size small by a convolution, and measures which
// way its edges run.
// Book: book/02-convolution.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "02-convolution/convolution.hpp"
#include "02-convolution/pictures.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The smallest K such that `most` windows of K pixels cover the longer
// side: with stride K, they leave at most `most` cells.
inline int window_to_fit(int H, int W, int most) {
  return std::max(1, (std::max(H, W) + most - 1) / most);
}

// Shrinks each colour by a blur with stride K: each cell is the mean of a
// window of K x K, and pixels that no whole window covers are lost.
// image (C, H, W) -> (C, H_out, W_out)
inline Tensor<> blurred_small(const Tensor<>& image, int K) {
  require_rank(image.shape(), 3, "blurred_small", "image");
  const int C = image.extent(0), H = image.extent(1), W = image.extent(2);
  const Tensor<> mean(Shape{1, 1, K, K}, 1.0f / static_cast<float>(K * K));
  const Tensor<> small =
      convolve(image.reshaped({C, 1, H, W}), mean, Tensor<>({1}), K);
  return small.reshaped({C, small.extent(2), small.extent(3)});
}

// The picture with at most `most` cells along its longer side; Broken if no
// window of 3 x 3 would fit into it. image (C, H, W) -> (C, H_out, W_out)
inline OrBroken<Tensor<>> made_to_fit(const Tensor<>& image, int most) {
  require_rank(image.shape(), 3, "made_to_fit", "image");
  const int H = image.extent(1), W = image.extent(2);
  const int K = window_to_fit(H, W, most);
  if (std::min(H, W) / K < 3)
    return Broken{"expected at least 3 x 3 " +
                  (K == 1 ? "pixels"
                          : "cells once the longer side is made to fit " +
                                std::to_string(most)) +
                  ", found " + std::to_string(W / K) + " x " +
                  std::to_string(H / K)};
  return K == 1 ? image : blurred_small(image, K);
}

// The mean of |number| over a map's numbers.
inline double mean_magnitude(const Tensor<>& map) {
  double sum = 0;
  for (const float number : map.data())
    sum += std::abs(static_cast<double>(number));
  return sum / map.size();
}

}  // namespace cnn
