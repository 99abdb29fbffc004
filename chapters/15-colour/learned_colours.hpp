// What the first learned filters look for in colours.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>

#include "common/tensor/tensor.hpp"

namespace cnn {

// After the ReLU of a whitening layer, a number u and its negative hold
// max(u, 0) and max(-u, 0). With weights p and m a filter takes
//   p max(u, 0) + m max(-u, 0) = (p - m) / 2 u + (p + m) / 2 |u|   (15.8)
// and the first term is a filter for the picture itself: here it is, put
// together from the patches, with the side of both kernels less 1. The
// other term sees a patch and its negative alike.
// white (2 D, C, K, K), then weight (C_out, 2 D, L, L)
// -> (C_out, C, K + L - 1, K + L - 1)
inline Tensor<> linear_part(const Tensor<>& white, const Tensor<>& weight) {
  require_rank(white.shape(), 4, "linear_part", "white");
  const int D = white.extent(0) / 2, C = white.extent(1),
            K = white.extent(2), C_out = weight.extent(0),
            L = weight.extent(2);
  require_shape(weight.shape(), {C_out, 2 * D, L, L}, "linear_part",
                "weight");
  Tensor<> patches({C_out, C, K + L - 1, K + L - 1});
  for (int co = 0; co < C_out; ++co)
    for (int k = 0; k < D; ++k)
      for (int y = 0; y < L; ++y)
        for (int x = 0; x < L; ++x) {
          const float share =
              (weight(co, k, y, x) - weight(co, k + D, y, x)) / 2;
          for (int c = 0; c < C; ++c)
            for (int ky = 0; ky < K; ++ky)
              for (int kx = 0; kx < K; ++kx)
                patches(co, c, y + ky, x + kx) +=
                    share * white(k, c, ky, kx);  // (15.8)
        }
  return patches;
}

// A filter (C, H, W) as a picture: grey where it is 0, and as bright or
// dark as its largest number allows.
inline Tensor<> filter_as_picture(Tensor<> filter) {
  float largest = 0;
  for (const float number : filter.data())
    largest = std::max(largest, std::abs(number));
  for (float& number : filter.data())
    number = largest > 0 ? 0.5f + 0.5f * number / largest : 0.5f;
  return filter;
}

}  // namespace cnn
