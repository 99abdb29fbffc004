// Filters that begin by copying their input, so that a deep network starts
// by passing its input on.
// Book: book/15-colour.md
#pragma once

#include <algorithm>

#include "06-training/initializer.hpp"
#include "10-initialization/starts.hpp"

namespace cnn {

// Filter i of a convolution returns channel i of its input unchanged: its
// weight for the middle of that channel is 1 and all others are 0 (15.4).
// `others` initializes the filters beyond the number of channels, kernels
// without a middle, and all other layers.
inline Initializer identity_start(Initializer others = uniform_start()) {
  return [others](Parameter<>& parameter, Random& random) {
    others(parameter, random);
    Tensor<>& weight = parameter.value;
    if (weight.rank() != 4 || weight.extent(2) % 2 == 0) return;
    const int middle = weight.extent(2) / 2;
    for (int i = 0; i < std::min(weight.extent(0), weight.extent(1)); ++i) {
      const auto filter = row_of(weight, i);
      std::fill(filter.begin(), filter.end(), 0.0f);
      weight(i, i, middle, middle) = 1;  // (15.4)
    }
  };
}

}  // namespace cnn
