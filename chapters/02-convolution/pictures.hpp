// Pictures (H, W) and batches of them: converts one to the other, moves
// them, makes them grey, chooses them from a data set.
// Book: book/02-convolution.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "01-tensor/layout.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// One picture of one channel as a batch: (H, W) -> (1, 1, H, W).
template <class T>
Tensor<T> as_batch(const Tensor<T>& picture) {
  require_rank(picture.shape(), 2, "as_batch", "image");
  return picture.reshaped({1, 1, picture.extent(0), picture.extent(1)});
}

// The picture of a batch of one: (1, 1, H, W) -> (H, W).
template <class T>
Tensor<T> plane(const Tensor<T>& batch) {
  require_rank(batch.shape(), 4, "plane", "batch");
  return batch.reshaped({batch.extent(2), batch.extent(3)});
}

// Picture n of a batch of grey ones. images (N, 1, H, W) -> (H, W)
inline Tensor<> picture_of(const Tensor<>& images, int n) {
  const Tensor<> image = item(images, n);
  return image.reshaped({image.extent(1), image.extent(2)});
}

// Moves everything `down` cells down and `right` cells to the right (up and
// left if negative). Zeros come in; what leaves the picture is lost.
// images (N, C, H, W) -> the same shape
template <class T>
Tensor<T> shifted(const Tensor<T>& images, int down, int right) {
  require_rank(images.shape(), 4, "shifted", "images");
  const int H = images.extent(2), W = images.extent(3);
  Tensor<T> result(images.shape());
  for (int n = 0; n < images.extent(0); ++n)
    for (int c = 0; c < images.extent(1); ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) {
          const int from_y = y - down, from_x = x - right;
          if (from_y >= 0 && from_y < H && from_x >= 0 && from_x < W)
            result(n, c, y, x) = images(n, c, from_y, from_x);
        }
  return result;
}

// The mean of the three colours: (3, H, W) -> (H, W).
inline Tensor<> grey(const Tensor<>& image) {
  require_rank(image.shape(), 3, "grey", "image");
  Tensor<> mean({image.extent(1), image.extent(2)});
  for (int y = 0; y < mean.extent(0); ++y)
    for (int x = 0; x < mean.extent(1); ++x)
      mean(y, x) = (image(0, y, x) + image(1, y, x) + image(2, y, x)) / 3;
  return mean;
}

// The mean of all numbers.
inline double mean_of(const Tensor<>& tensor) {
  double sum = 0;
  for (const float number : tensor.data())
    sum += static_cast<double>(number);
  return sum / tensor.size();
}

// The first picture of a class, (H, W); the first of all if it has none.
inline Tensor<> first_of_class(const Dataset& data, int label) {
  return picture_of(data.images,
                    first_index_of(data.labels, label).value_or(0));
}

// `count` pictures (H, W) that the seed draws at random, or all if there
// are fewer.
inline std::vector<Tensor<>> some_digits(const Dataset& data, int count,
                                         std::uint64_t seed) {
  const std::vector<int> order = Random(seed).permutation(data.size());
  std::vector<Tensor<>> pictures;
  for (int i = 0; i < std::min(count, data.size()); ++i)
    pictures.push_back(
        picture_of(data.images, order[static_cast<std::size_t>(i)]));
  return pictures;
}

}  // namespace cnn
