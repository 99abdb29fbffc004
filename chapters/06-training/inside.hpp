// What a network has learned to look for: how far its first filters moved,
// and what it says to one digit.
// Book: book/06-training.md
#pragma once

#include <algorithm>

#include "02-convolution/pictures.hpp"
#include "06-training/network.hpp"
#include "06-training/scoring.hpp"

namespace cnn {

// Some weights before and after training, the largest magnitudes of each.
struct WeightChange {
  double moved = 0.0;  // the largest difference of any weight
  double before = 0.0, after = 0.0;

  // Far enough for an eye to see it in the picture of the filters.
  bool is_visible() const { return moved > before / 4; }
};

inline WeightChange compute_change(const Tensor<>& before,
                                   const Tensor<>& after) {
  const auto difference = [](const Tensor<>& a, const Tensor<>& b) {
    return static_cast<double>(max_abs_difference(a, b));
  };
  const Tensor<> zeros(before.shape());
  return {difference(before, after), difference(before, zeros),
          difference(after, zeros)};
}

// What the network says to the first image of a class.
struct DigitAnswer {
  Tensor<> image;          // (H, W)
  Tensor<> probabilities;  // (1, classes)
};

// Throws std::out_of_range if there is no image of that class.
inline DigitAnswer compute_answer(Layer<>& network, const Dataset& data,
                                  int label) {
  const Tensor<> image =
      picture_of(data.images,
                 first_index_of(data.labels, label).value_or(data.size()));
  return {image,
          softmax(network.forward(as_batch(image), Mode::evaluation))};
}

}  // namespace cnn
