// Chapter 02's Sobel kernel on 16 digits: one by one, and one in each lane.
// Book: book/07-speed.md
#pragma once

#include <string>

#include "02-convolution/handmade_kernels.hpp"
#include "07-speed/fast_network.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// Both (16, 1, H - 2, W - 2).
struct SobelTwice {
  Tensor<> one_by_one, all_at_once;
};

inline SobelTwice compute_sobel(const Dataset& digits,
                                const std::string& isa) {
  FastNetwork network({Convolution{.channels = 1, .kernel = 3}},
                      {1, 28, 28}, {.threads = 1, .isa = isa});
  Tensor<>& weight = network.parameters()[0]->value;
  const Tensor<>& bias = network.parameters()[1]->value;
  weight = sobel_x().reshaped(weight.shape());
  const Tensor<> images = first(digits, 16).images;
  return {convolve(images, weight, bias),
          network.forward(images, Mode::evaluation)};
}

}  // namespace cnn
