// What the first learned filters look for in colour pictures.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>

#include "common/tensor/tensor.hpp"

namespace cnn {

// A whitening layer computes both u and -u, and its ReLU leaves max(u, 0)
// and max(-u, 0). A learned filter with weights p and m for these computes
//   p max(u, 0) + m max(-u, 0) = (p - m) / 2 u + (p + m) / 2 |u|   (15.8)
// The first term is linear in the picture. Summed over all u, it is one
// filter for the picture itself, which this function puts together. The
// second term cannot tell a patch from its negative.
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

// A filter (C, H, W) as a picture, with levels from 0 to 1: 0.5 where the
// filter is 0, and scaled so that its largest magnitude becomes 0 or 1.
inline Tensor<> filter_as_picture(Tensor<> filter) {
  float largest = 0;
  for (const float number : filter.data())
    largest = std::max(largest, std::abs(number));
  for (float& number : filter.data())
    number = largest > 0 ? 0.5f + 0.5f * number / largest : 0.5f;
  return filter;
}

}  // namespace cnn
