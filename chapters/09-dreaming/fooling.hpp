// Another use of gradients with respect to the pixels: the smallest change
// of a picture that changes the answer.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/batches.hpp"
#include "09-dreaming/climb.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// +1, -1 or 0 for each number.
template <class T>
Tensor<T> signs(Tensor<T> numbers) {
  for (T& number : numbers.data())
    number = static_cast<T>((number > 0) - (number < 0));
  return numbers;
}

// The direction in which the loss grows fastest if no pixel may change by
// more than any other: the sign of the loss's gradient.
// images (N, C, H, W), N labels -> (N, C, H, W) of +1, -1 and 0
// Throws std::invalid_argument unless there is a label for each image and
// every label is a class.
template <class T>
Tensor<T> fooling_direction(Layer<T>& network, const Tensor<T>& images,
                            const std::vector<int>& labels) {
  require_rank(images.shape(), 4, "fooling_direction", "images");
  require_shape({static_cast<int>(labels.size())}, {images.extent(0)},
                "fooling_direction", "the labels");
  return in_batches(images, [&](int first, const Tensor<T>& some) {
    const Tensor<T> logits = network.forward(some, Mode::evaluation);
    return signs(network.backward(cross_entropy_backward(
        logits, part_of(labels, first, some.extent(0)))));
  });
}

// A random direction for comparison: +1 or -1 wherever the given one is not
// 0, so that both change the same pixels.
inline Tensor<> random_direction(Tensor<> direction, std::uint64_t seed) {
  Random random(seed);
  for (float& number : direction.data()) {
    const float sign = random.below(2) == 0 ? -1.0f : 1.0f;
    if (number != 0) number = sign;
  }
  return direction;
}

// One step of size s for all pixels of an image, each up or down:
//   x <- clip(x + s sign(dL/dx))                                     (9.6)
// (The fast gradient sign method of Goodfellow, Shlens and Szegedy 2014.)
// A step of 1 turns every pixel that moves black or white, so a longer one,
// even an infinite one, does the same.
// images (N, C, H, W), direction (N, C, H, W) of +1, -1 and 0, N sizes
// -> (N, C, H, W)
template <class T>
Tensor<T> fooled(const Tensor<T>& images, const Tensor<T>& direction,
                 std::vector<T> sizes) {
  require_shape(direction.shape(), images.shape(), "fooled", "direction");
  if (static_cast<int>(sizes.size()) != images.extent(0))
    fail(Refusal::argument, "fooled: expected " +
                                counted_text(images.extent(0), "size") +
                                ", got " + std::to_string(sizes.size()));
  for (T& size : sizes) size = std::min(size, T{1});
  return stepped(images, direction, sizes);
}

// For each image, halves `halvings` times the interval from `below`, a size
// at which the answer is still `said`, to `above`, one that changes it, and
// returns the upper end. An `above` greater than 1 is returned unchanged.
// answers: N sizes -> the N answers after steps of these sizes
template <class T, class Answers>
std::vector<T> halved(std::vector<T> below, std::vector<T> above,
                      int halvings, const std::vector<int>& said,
                      const Answers& answers) {
  const std::size_t N = above.size();
  for (int i = 0; i < halvings; ++i) {
    std::vector<T> middle(N);
    for (std::size_t n = 0; n < N; ++n)
      middle[n] = above[n] > 1 ? below[n] : (below[n] + above[n]) / 2;
    const std::vector<int> says = answers(middle);
    for (std::size_t n = 0; n < N; ++n)
      if (above[n] <= 1)
        (says[n] == said[n] ? below : above)[n] = middle[n];
  }
  return above;
}

// The smallest step along a direction that changes the answer, for each
// image. First, `grid` sizes up to 1 are tried in ascending order. Then the
// interval between the first one that changes the answer and the one before
// it is halved `halvings` times. At the size that is returned the answer
// has changed; the size is infinity if none on the grid changes the answer.
// (If the answer changes and changes back between two sizes of the grid,
// that is missed.)
// images, direction (N, C, H, W) -> N sizes
template <class T>
std::vector<T> smallest_changes(Layer<T>& network, const Tensor<T>& images,
                                const Tensor<T>& direction, int grid = 64,
                                int halvings = 8) {
  if (grid < 1 || halvings < 0)
    fail(Refusal::argument,
         "smallest_changes: expected a grid of 1 or more sizes and 0 or "
         "more halvings, got " +
             std::to_string(grid) + " and " + std::to_string(halvings));
  const auto answers = [&](const std::vector<T>& sizes) {
    return predictions(
        logits_of(network, fooled(images, direction, sizes)));
  };
  const std::size_t N = static_cast<std::size_t>(images.extent(0));
  const std::vector<int> said = answers(std::vector<T>(N));
  std::vector<T> below(N), above(N, std::numeric_limits<T>::infinity());
  for (int i = 1; i <= grid; ++i) {
    const T size = static_cast<T>(i) / static_cast<T>(grid);
    const std::vector<int> says = answers(std::vector<T>(N, size));
    for (std::size_t n = 0; n < N; ++n)
      if (above[n] > 1) (says[n] == said[n] ? below : above)[n] = size;
  }
  return halved(below, above, halvings, said, answers);
}

// A change in several small steps, each along a gradient of its own. All
// are equally long, and together as long as the image's size, so no pixel
// changes by more than that. (Kurakin, Goodfellow and Bengio 2016.)
// images (N, C, H, W), N labels, N sizes -> (N, C, H, W)
template <class T>
Tensor<T> fooled_in_steps(Layer<T>& network, const Tensor<T>& images,
                          const std::vector<int>& labels,
                          std::vector<T> sizes, int steps) {
  if (steps < 1)
    fail(Refusal::argument,
         "fooled_in_steps: expected 1 or more steps, got " +
             std::to_string(steps));
  for (T& size : sizes) size = std::min(size, T{1}) / static_cast<T>(steps);
  Tensor<T> now = images;
  for (int i = 0; i < steps; ++i)
    now = fooled(now, fooling_direction(network, now, labels), sizes);
  return now;
}

// The smallest size at which `steps` small steps change the answer, for
// each image. The interval from 0 to the size of the one step that changes
// it is halved `halvings` times. Where small steps need no less, or where
// that size is infinite, that size itself is returned.
// one_step: N sizes, from smallest_changes()
template <class T>
std::vector<T> smallest_changes_in_steps(Layer<T>& network,
                                         const Tensor<T>& images,
                                         const std::vector<int>& labels,
                                         const std::vector<T>& one_step,
                                         int steps, int halvings = 7) {
  const std::vector<int> said = predictions(logits_of(network, images));
  return halved(std::vector<T>(one_step.size()), one_step, halvings, said,
                [&](const std::vector<T>& sizes) {
                  return predictions(logits_of(
                      network, fooled_in_steps(network, images, labels,
                                               sizes, steps)));
                });
}

// The share of digits that are still read right after a step of the same
// size for all images.
inline double share_right_after(Layer<>& network, const Dataset& digits,
                                const Tensor<>& direction, float size) {
  const std::vector<float> sizes(digits.labels.size(), size);
  return accuracy(
      logits_of(network, fooled(digits.images, direction, sizes)),
      digits.labels);
}

}  // namespace cnn
