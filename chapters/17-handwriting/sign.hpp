// A picture of one sign, whatever sign that is, as a network for 28 x 28
// pixels needs it.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "17-handwriting/ink.hpp"
#include "17-handwriting/parts.hpp"
#include "17-handwriting/reading.hpp"
#include "common/tensor/broken.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Whether a picture looks like one of a set such as MNIST: it has 28 x 28
// pixels and is dark on average. image (3, H, W)
inline bool is_placed_already(const Tensor<>& image) {
  if (image.shape() != Shape{3, 28, 28}) return false;
  float sum = 0;
  for (const float level : image.data()) sum += level;
  return sum < 0.5f * static_cast<float>(image.size());
}

// The sign in a photograph, found by the stations of read_picture(), but
// with all ink taken for one sign except for dirt and what the picture's
// edge has cut off. A picture that is placed already stays as it is.
// image (3, H, W), upright -> (28, 28), or why there is none
inline OrBroken<Tensor<>> sign_of(const Tensor<>& image) {
  if (is_placed_already(image)) return grey_of(image);
  Tensor<> grey = sized_for_reading(grey_of(image));
  if (const std::string dark = too_dark(grey); !dark.empty())
    return Broken{dark};
  const Stations at = stations_of(std::move(grey));
  std::vector<Part> parts;
  if (at.threshold.contrast >= least_contrast)
    parts = parts_of(at.strokes, at.threshold.value);
  int largest = 0;
  std::erase_if(parts, [&](const Part& part) {
    return lies_along_edge(part, at.grey.extent(0), at.grey.extent(1));
  });
  for (const Part& part : parts) largest = std::max(largest, part.area());
  std::optional<Part> sign;
  for (Part& part : parts)
    if (40 * part.area() >= largest)
      sign = sign ? joined(std::move(*sign), part) : std::move(part);
  if (!sign) return Broken{"blank: found nothing that could be a sign"};
  return crop_of(at.strokes, *sign);
}

}  // namespace cnn
