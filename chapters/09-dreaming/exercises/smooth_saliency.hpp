// Exercise 5 of chapter 09, half an hour.
//
// Saliency maps look like noise, because the gradient changes from one
// pixel to the next and with every small change of the picture. So take the
// mean of the maps of many noisy copies of the picture, in which only what
// they have in common remains (Smilkov et al. 2017, "SmoothGrad"). To make
// a copy, add `size` times a number from random.normal() to each pixel of
// the image, in the order of data(). Copies are not clipped.
//
// image: any shape; saliency(image): the same shape -> the same shape
#pragma once

#include <functional>

#include "common/shell/exercise.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

inline Tensor<> smooth_saliency(
    const std::function<Tensor<>(const Tensor<>&)>& saliency,
    const Tensor<>& image, int copies, float size, Random& random) {
  throw NotSolvedYet();
}

}  // namespace cnn
