// Sends any number of images through a network, some at a time, so that
// what it remembers of them fits into memory.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "06-training/layer.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Throws std::invalid_argument unless `items` items include `count` of them
// from number `first` on.
inline void require_part(int items, int first, int count) {
  if (first < 0 || count < 0 || first > items || count > items - first)
    fail(Refusal::argument, "part_of: no " + counted_text(count, "item") +
                                " from item " + std::to_string(first) +
                                " on, of " + std::to_string(items));
}

// Items first, first + 1, ... of a batch. (N, ...) -> (count, ...)
// Throws std::invalid_argument unless the batch has all of them.
template <class T>
Tensor<T> part_of(const Tensor<T>& batch, int first, int count) {
  require_part(batch.rank() == 0 ? 0 : batch.extent(0), first, count);
  Shape shape = batch.shape();
  shape[0] = count;
  const auto begin = batch.data().begin() + first * batch.strides()[0];
  return Tensor<T>(
      shape, std::vector<T>(begin, begin + count * batch.strides()[0]));
}

// The same for a list.
template <class Item>
std::vector<Item> part_of(const std::vector<Item>& list, int first,
                          int count) {
  require_part(static_cast<int>(list.size()), first, count);
  return {list.begin() + first, list.begin() + first + count};
}

inline constexpr int images_at_a_time = 256;

// Calls visit(first, batch) for all images, 256 at a time: the batch holds
// images first, first + 1, ... images (N, ...), batch (count, ...)
// Throws std::invalid_argument if `images` has no dimension.
template <class T, class Visit>
void for_batches(const Tensor<T>& images, const Visit& visit) {
  if (images.rank() == 0)
    fail(Refusal::argument, "for_batches: expected a batch, got shape ()");
  const int N = images.extent(0);
  for (int first = 0; first < N; first += images_at_a_time)
    visit(first,
          part_of(images, first, std::min(images_at_a_time, N - first)));
}

// Calls compute(first, batch) for each of those batches, and joins the
// results in order. If there are no images, it calls compute() once, with
// an empty batch, to learn the shape of a result.
// images (N, ...), compute: (first, (count, ...)) -> (count, ...); the
// joined results are (N, ...)
// Throws std::invalid_argument if `images` has no dimension, or if a result
// does not have as many items as its batch.
template <class T, class Compute>
Tensor<T> in_batches(const Tensor<T>& images, const Compute& compute) {
  Shape shape;
  std::vector<T> all;
  const auto append = [&](int first, const Tensor<T>& some) {
    const Tensor<T> result = compute(first, some);
    shape = result.shape();
    if (shape.empty() || shape[0] != some.extent(0))
      fail(Refusal::argument, "in_batches: expected " +
                                  counted_text(some.extent(0), "item") +
                                  " back, got shape " + to_string(shape));
    all.insert(all.end(), result.data().begin(), result.data().end());
  };
  for_batches(images, append);
  if (images.extent(0) == 0) append(0, images);  // for the shape
  shape[0] = images.extent(0);
  return Tensor<T>(shape, std::move(all));
}

// The network's logits. images (N, C, H, W) -> (N, classes)
template <class T>
Tensor<T> logits_of(Layer<T>& network, const Tensor<T>& images) {
  return in_batches(images, [&](int, const Tensor<T>& some) {
    return network.forward(some, Mode::evaluation);
  });
}

}  // namespace cnn
