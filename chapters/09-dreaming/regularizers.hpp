// What keeps the result of a climb readable: four ways to ask for a picture
// that is dark, smooth, or right wherever it stands.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "09-dreaming/saliency.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Every pixel loses a share d of its grey:  x <- (1 - d) x           (9.3)
// (Yosinski et al. 2015, section 3.) Throws std::invalid_argument unless
// 0 <= d <= 1.
template <class T>
Tensor<T> decayed(Tensor<T> images, double share) {
  if (!(share >= 0 && share <= 1))
    fail(Refusal::argument, "decayed: expected a share from 0 to 1, got " +
                                std::to_string(share));
  const auto d = static_cast<T>(share);
  for (T& x : images.data()) x = (1 - d) * x;  // (9.3)
  return images;
}

// Each pixel becomes a weighted mean of its neighbourhood, in which the
// middle counts 4, its four neighbours 2 each and the corners 1 each.
// Pixels outside the image are 0.
// images (N, C, H, W) -> the same shape
template <class T>
Tensor<T> blurred(const Tensor<T>& images) {
  require_rank(images.shape(), 4, "blurred", "images");
  Tensor<T> kernel({1, 1, 3, 3}, {1, 2, 1,  //
                                  2, 4, 2,  //
                                  1, 2, 1});
  for (T& weight : kernel.data()) weight /= 16;
  return convolve(
             images.reshaped({-1, 1, images.extent(2), images.extent(3)}),
             kernel, Tensor<T>({1}), 1, 1)
      .reshaped(images.shape());
}

// The images moved by dy rows down and dx columns to the right; what leaves
// on one side comes in on the other.
// images (N, C, H, W) -> the same shape
template <class T>
Tensor<T> rolled(const Tensor<T>& images, int dy, int dx) {
  require_rank(images.shape(), 4, "rolled", "images");
  const int H = images.extent(2), W = images.extent(3);
  const auto wrapped_into = [](int place, int size) {
    return (place % size + size) % size;
  };
  Tensor<T> moved(images.shape());
  for (int n = 0; n < images.extent(0); ++n)
    for (int c = 0; c < images.extent(1); ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
          moved(n, c, wrapped_into(y + dy, H), wrapped_into(x + dx, W)) =
              images(n, c, y, x);
  return moved;
}

// Total variation: the lengths of the steps in grey from each pixel to its
// neighbours on the right and below, added up over the picture.
//   V = sum over y, x of sqrt(r^2 + b^2 + delta^2) - delta           (9.4)
//   r = x(y, x + 1) - x(y, x)    b = x(y + 1, x) - x(y, x)
// The small delta makes the root smooth where nothing changes. Where there
// is no neighbour, r or b is 0. (Mahendran and Vedaldi 2015, section 3.)
// images (N, C, H, W) -> values N, gradient (N, C, H, W)
template <class T>
Heights<T> total_variation(const Tensor<T>& images) {
  require_rank(images.shape(), 4, "total_variation", "images");
  const int H = images.extent(2), W = images.extent(3);
  const T delta = static_cast<T>(0.01);
  Heights<T> heights{{}, Tensor<T>(images.shape())};
  Tensor<T>& grad = heights.gradient;
  for (int n = 0; n < images.extent(0); ++n) {
    T V = 0;
    for (int c = 0; c < images.extent(1); ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) {
          const int right = std::min(x + 1, W - 1);
          const int below = std::min(y + 1, H - 1);
          const T here = images(n, c, y, x);
          const T r = images(n, c, y, right) - here;
          const T b = images(n, c, below, x) - here;
          const T root = std::sqrt(r * r + b * b + delta * delta);
          V += root - delta;  // (9.4)
          grad(n, c, y, right) += r / root;
          grad(n, c, below, x) += b / root;
          grad(n, c, y, x) -= (r + b) / root;
        }
    heights.values.push_back(V);
  }
  return heights;
}

// sum += factor term, for tensors of the same shape.
template <class T>
void add(Tensor<T>& sum, const Tensor<T>& term, double factor) {
  require_shape(term.shape(), sum.shape(), "add", "term");
  for (std::size_t i = 0; i < sum.data().size(); ++i)
    sum.data()[i] += static_cast<T>(factor) * term.data()[i];
}

}  // namespace cnn
