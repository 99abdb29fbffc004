// The mistake that a reader is most likely to make.
#pragma once

#include <stdexcept>

#include "15-colour/exif.hpp"

namespace cnn {

// Turns in the wrong order: a flip and a quarter turn cannot be exchanged.
inline int both_orientations(int first, int second) {
  if (first < 1 || first > 8 || second < 1 || second > 8)
    throw std::invalid_argument("both_orientations: 1 to 8");
  Tensor<> image({3, 2, 3});
  for (std::size_t i = 0; i < image.data().size(); ++i)
    image.data()[i] = static_cast<float>(i);
  const Tensor<> turned = upright(upright(image, second), first);
  int both = 1;
  while (upright(image, both) != turned) ++both;
  return both;
}

}  // namespace cnn
