// Exercise 3 of chapter 07, fifteen minutes.
//
// How many multiply-adds does one image cost on its way forward? Count them
// from the shapes, layer by layer, without building or running anything.
// What does one output of a convolution cost, and one of a dense layer? All
// other layers cost nothing here, but some change the shape.
//
// architecture: layers that fit together; image (C, H, W) -> multiply-adds,
// which may be more than an int can count
#pragma once

#include "06-training/network.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

inline long long multiply_adds(const Architecture& architecture,
                               const Shape& image) {
  throw NotSolvedYet();
}

}  // namespace cnn
