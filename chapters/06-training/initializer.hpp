// Where the parameters start: random, and of the right size.
// Book: book/06-training.md
#pragma once

#include <cmath>
#include <functional>

#include "06-training/layer.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Fills in one parameter's value before training.
using Initializer = std::function<void(Parameter<>&, Random&)>;

// He et al. 2015 ("Delving Deep into Rectifiers", section 2.2): weights
// from a normal distribution of variance 2 / fan_in, so that a signal keeps
// its size through convolution and ReLU; biases keep their start. `scale`
// multiplies the weights, to show what goes wrong with another size.
inline Initializer he_initializer(float scale = 1.0f) {
  return [scale](Parameter<>& parameter, Random& random) {
    const float deviation =
        scale * std::sqrt(2.0f / static_cast<float>(parameter.fan_in));
    for (float& number : parameter.value.data())
      number = parameter.fan_in == 0 ? parameter.start
               : scale == 0.0f       ? 0.0f
                                     : deviation * random.normal();
  };
}

inline void initialize(Layer<>& network, const Initializer& initializer,
                       Random& random) {
  for (Parameter<>* parameter : network.parameters())
    initializer(*parameter, random);
}

}  // namespace cnn
