// Where numbers lie: the index of a place in memory, one channel of a
// picture, and the pixels of a picture in another order.
// Book: book/01-tensor.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The index of the number at a place in memory: the inverse of
// Tensor::offset(). The first axis takes as many whole strides as fit, the
// next axis does the same with what is left.
// Throws std::out_of_range if the shape holds no such place.
inline std::vector<int> index_of(int offset, const Shape& shape) {
  if (offset < 0 || offset >= element_count(shape)) {
    fail(Refusal::index, "index_of: no place " + std::to_string(offset) +
                             " in shape " + to_string(shape));
  }
  std::vector<int> index;
  for (const int stride : row_major_strides(shape)) {
    index.push_back(offset / stride);
    offset %= stride;
  }
  return index;
}

// One channel of a picture. image (C, H, W) -> (H, W)
// Throws std::invalid_argument if there is no such channel.
template <class T>
Tensor<T> channel(const Tensor<T>& image, int c) {
  require_rank(image.shape(), 3, "channel", "image");
  if (c < 0 || c >= image.extent(0)) {
    fail(Refusal::argument, "channel: image " + to_string(image.shape()) +
                                " has no channel " + std::to_string(c));
  }
  Tensor<T> plane({image.extent(1), image.extent(2)});
  for (int y = 0; y < plane.extent(0); ++y)
    for (int x = 0; x < plane.extent(1); ++x) plane(y, x) = image(c, y, x);
  return plane;
}

// A random order of the numbers 0 to pixels - 1, the same for the same
// seed.
inline std::vector<int> pixel_permutation(int pixels, std::uint64_t seed) {
  return Random(seed).permutation(pixels);
}

// The images with their pixels in another order, the same one for all: the
// number at place order[i] of a flattened channel moves to place i.
// images (N, C, H, W), order: each of 0 ... H W - 1 once -> (N, C, H, W)
// Throws std::invalid_argument unless the order has H W numbers and names
// each place once.
template <class T>
Tensor<T> permute_pixels(const Tensor<T>& images,
                         const std::vector<int>& order) {
  require_rank(images.shape(), 4, "permute_pixels", "images");
  const int planes = images.extent(0) * images.extent(1);
  const int pixels = images.extent(2) * images.extent(3);
  std::vector<int> places = order, each(static_cast<std::size_t>(pixels));
  std::sort(places.begin(), places.end());
  std::iota(each.begin(), each.end(), 0);
  if (places != each) {
    fail(Refusal::argument,
         "permute_pixels: expected an order that names each of " +
             std::to_string(pixels) + " places once, got " +
             counted_text(places.size(), "place") +
             (places.size() == each.size() ? " with a repetition" : ""));
  }
  const Tensor<T> flat = images.reshaped({planes, pixels});
  Tensor<T> permuted({planes, pixels});
  for (int p = 0; p < planes; ++p)
    for (int i = 0; i < pixels; ++i)
      permuted(p, i) = flat(p, order[static_cast<std::size_t>(i)]);
  return std::move(permuted).reshaped(images.shape());
}

}  // namespace cnn
