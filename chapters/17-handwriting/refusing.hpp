// When not to answer, and why not.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "17-handwriting/ink.hpp"
#include "17-handwriting/placing.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A picture is too dark if even its brightest block is darker than this.
inline constexpr float darkest_picture = 0.08f;
// Ink absorbs a share of the light that is larger than paper's by at least
// this much. Less is a shadow, a fold or the grain of the paper.
inline constexpr float least_contrast = 0.14f;
// A digit of fewer rows of the picture's pixels has lost its shape.
inline constexpr int least_rows = 8;
// A page full of digits has a few hundred; grain has thousands of parts.
inline constexpr std::size_t most_digits = 400;
// An answer is unsure if its probability, averaged over the views, is below
// this. Of the 2,000 held-out digits, 1 % get less.
inline constexpr double least_probability = 0.78;

// The reason to refuse a picture that is too dark to look for anything in
// it; empty if it is not. grey (H, W), as photographed
inline std::string too_dark(const Tensor<>& grey) {
  const Tensor<> blocks = block_quantile(grey, std::min(grey.extent(0), 12),
                                         std::min(grey.extent(1), 12), 0.8);
  const auto levels = blocks.data();
  return *std::max_element(levels.begin(), levels.end()) < darkest_picture
             ? "too dark: even the brightest part is nearly black"
             : "";
}

inline const char* const no_ink = "blank: no ink stands out from the paper";
inline const char* const no_shape =
    "not a digit: nothing that stands out has the shape of one";

inline std::string too_many(std::size_t candidates) {
  if (candidates <= most_digits) return "";
  return "too many parts: found " + std::to_string(candidates) +
         ", expected at most " + std::to_string(most_digits);
}

// Whether a box can hold a digit: the broadest of MNIST's held-out digits
// is twice as wide as high. `least` is the height of least_rows in the
// box's pixels.
inline bool may_hold_digit(const Box& box, double least) {
  return box.height() >= least && box.width() <= 2 * box.height();
}

// The reason to refuse digits if the network is unsure of more than half of
// them; else empty. One strange sign among digits does not spoil the rest.
inline std::string not_digits(const std::vector<double>& probabilities) {
  const auto unsure = std::count_if(
      probabilities.begin(), probabilities.end(),
      [](double probability) { return probability < least_probability; });
  if (2 * static_cast<std::size_t>(unsure) <= probabilities.size())
    return "";
  return probabilities.size() == 1
             ? "not a digit: the network is not sure of any answer"
             : "not digits: the network is sure of less than half of them";
}

}  // namespace cnn
