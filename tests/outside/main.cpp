// Finds an edge with the library's convolution, and takes a step backward.
#include <cstdio>

#include "02-convolution/convolution.hpp"
#include "04-backprop/backprop.hpp"

int main() {
  using cnn::Tensor;
  Tensor<float> image({1, 1, 3, 4});
  for (int y = 0; y < 3; ++y) image(0, 0, y, 2) = image(0, 0, y, 3) = 1;
  Tensor<float> sobel({1, 1, 3, 3});
  for (int y = 0; y < 3; ++y) {
    const float weight = y == 1 ? 2 : 1;
    sobel(0, 0, y, 0) = -weight;
    sobel(0, 0, y, 2) = weight;
  }
  const Tensor<float> edges =
      cnn::convolve(image, sobel, Tensor<float>({1}));
  const auto gradient = cnn::relu_backward(edges, edges);
  std::printf("%g %g %g\n", edges(0, 0, 0, 0), edges(0, 0, 0, 1),
              gradient(0, 0, 0, 0));
}
