// One digit's way through an edge detector, ReLU and pooling, and the
// backward pass to its pixels.
// Book: book/04-backprop.md
#pragma once

#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/pictures.hpp"
#include "04-backprop/backprop.hpp"
#include "04-backprop/dense.hpp"

namespace cnn {

// For one picture; each tensor is a batch (1, 1, height, width).
struct StoryGradient {
  Tensor<> map;          // after Sobel x with padding 1
  Tensor<> pooled;       // after ReLU and max-pooling 2 x 2
  float sum = 0;         // of the pooled cells, the number to raise
  Tensor<> grad_map;     // how the sum changes with each cell of the map
  Tensor<> grad_pixels;  // how it changes with each pixel
};

// picture (H, W)
inline StoryGradient compute_story_gradient(const Tensor<>& picture) {
  const Tensor<> input = as_batch(picture), weight = as_batch(sobel_x());
  StoryGradient it;
  it.map = convolve(input, weight, Tensor<>({1}), 1, 1);
  const Tensor<> after_relu = relu(it.map);
  it.pooled = max_pool(after_relu);
  for (const float cell : it.pooled.data()) it.sum += cell;
  const Tensor<> grad_pooled(it.pooled.shape(), 1.0f);
  it.grad_map =
      relu_backward(max_pool_backward(grad_pooled, after_relu), it.map);
  it.grad_pixels =
      convolve_backward_input(it.grad_map, weight, input.shape(), 1, 1);
  return it;
}

// How many numbers are not 0.
template <class T>
int count_nonzero(const Tensor<T>& tensor) {
  int count = 0;
  for (const T number : tensor.data()) count += number != 0;
  return count;
}

}  // namespace cnn
