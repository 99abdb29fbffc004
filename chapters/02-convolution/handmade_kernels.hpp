// Kernels that people made by hand, long before a computer learned one.
// Each is a (3, 3) square of weights.
// Book: book/02-convolution.md
#pragma once

#include <string>
#include <vector>

#include "common/tensor/tensor.hpp"

namespace cnn {

struct NamedKernel {
  std::string name;
  std::string does;  // its effect, in a few words
  Tensor<> weights;  // (3, 3)
};

// The kernel of Sobel and Feldman (1968). Its result is positive where grey
// rises from left to right, negative where it falls, 0 where nothing
// changes.
inline Tensor<> sobel_x() {
  return Tensor<>({3, 3}, {-1, 0, 1,  //
                           -2, 0, 2,  //
                           -1, 0, 1});
}

// The same from top to bottom.
inline Tensor<> sobel_y() {
  return Tensor<>({3, 3}, {-1, -2, -1,  //
                           0, 0, 0,     //
                           1, 2, 1});
}

inline std::vector<NamedKernel> handmade_kernels() {
  const float n = 1.0f / 9.0f;
  return {
      {"identity", "changes nothing",
       Tensor<>({3, 3}, {0, 0, 0, 0, 1, 0, 0, 0, 0})},
      {"blur", "the mean of nine neighbours",
       Tensor<>({3, 3}, {n, n, n, n, n, n, n, n, n})},
      {"sharpen", "a cell against its neighbours",
       Tensor<>({3, 3}, {0, -1, 0, -1, 5, -1, 0, -1, 0})},
      {"Sobel x", "brighter to the right", sobel_x()},
      {"Sobel y", "brighter downwards", sobel_y()},
      {"emboss", "light from the top left",
       Tensor<>({3, 3}, {-2, -1, 0, -1, 1, 1, 0, 1, 2})},
  };
}

// The kernel rotated by 180 degrees: flipped upside down and left to right.
// kernel (K, K) -> (K, K)
template <class T>
Tensor<T> rotate180(const Tensor<T>& kernel) {
  require_rank(kernel.shape(), 2, "rotate180", "kernel");
  const int K = kernel.extent(0);
  require_shape(kernel.shape(), {K, K}, "rotate180", "kernel");
  Tensor<T> rotated({K, K});
  for (int ky = 0; ky < K; ++ky)
    for (int kx = 0; kx < K; ++kx)
      rotated(ky, kx) = kernel(K - 1 - ky, K - 1 - kx);
  return rotated;
}

}  // namespace cnn
