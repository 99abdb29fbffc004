// Where the parameters start, besides He's rule of chapter 06: any size of
// the weights, the rules that frameworks use, and a size that is measured
// instead of derived.
// Book: book/10-initialization.md
#pragma once

#include <cmath>
#include <string>

#include "06-training/experiments.hpp"
#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// The number of weights in one kernel, 1 for a dense layer. `weight` has
// the shape (C_out, C_in, K, K) or (F_out, F_in).
inline int kernel_size(const Parameter<>& weight) {
  return weight.fan_in / weight.value.extent(1);
}

// The number of outputs that each input contributes to: C_out K K for a
// convolution of stride 1, F_out for a dense layer.
inline int fan_out_of(const Parameter<>& weight) {
  return weight.value.extent(0) * kernel_size(weight);
}

// Throws std::invalid_argument unless `number` is 0 or more and finite:
// "gain_start: expected a gain of 0 or more, got -1.000000".
inline void require_size(double number, const std::string& where,
                         const std::string& what) {
  if (!(number >= 0 && std::isfinite(number)))
    fail(Refusal::argument, where + ": expected a " + what +
                                " of 0 or more, got " +
                                std::to_string(number));
}

// Weights from a normal distribution whose standard deviation is a function
// of the parameter; biases keep their start. The initializer throws
// std::invalid_argument if a deviation is below 0 or not finite.
template <class Deviation>
Initializer normal_start(const Deviation& deviation_of) {
  return [deviation_of](Parameter<>& parameter, Random& random) {
    const bool bias = parameter.fan_in == 0;
    const float deviation = bias ? 0.0f : deviation_of(parameter);
    require_size(static_cast<double>(deviation), "normal_start",
                 "deviation");
    for (float& number : parameter.value.data())
      number = bias ? parameter.start : deviation * random.normal();
  };
}

// Variance = gain / fan_in. The weights are independent, with mean 0, so a
// sum of n = fan_in products with inputs of size s has the mean square
//   n s^2 variance = gain s^2,                                     (10.1)
// and ReLU halves it, because it turns half of the numbers into 0. So each
// layer multiplies the size by sqrt(gain / 2). Gain 2 is He's rule, and
// gives the same numbers to the bit.
// Throws std::invalid_argument for a gain that is below 0 or not finite.
inline Initializer gain_start(double gain) {
  require_size(gain, "gain_start", "gain");
  return normal_start([gain](const Parameter<>& weight) {
    return std::sqrt(static_cast<float>(gain) /
                     static_cast<float>(weight.fan_in));
  });
}

// One standard deviation for all layers, however many inputs they sum over:
// "small random numbers".
// Throws std::invalid_argument for a deviation that is below 0 or not
// finite.
inline Initializer fixed_start(double deviation) {
  require_size(deviation, "fixed_start", "deviation");
  return normal_start([deviation](const Parameter<>&) {
    return static_cast<float>(deviation);
  });
}

// Glorot and Bengio 2010 (section 4.2), also called Xavier's rule. Without
// ReLU, the signal of the forward pass asks for a variance of 1 / fan_in,
// and the gradient of the backward pass for 1 / fan_out. They choose
//   variance = 2 / (fan_in + fan_out).
inline Initializer glorot_start() {
  return normal_start([](const Parameter<>& weight) {
    return std::sqrt(
        2.0f / static_cast<float>(weight.fan_in + fan_out_of(weight)));
  });
}

// What PyTorch does unless it is told otherwise: weights and biases uniform
// between -1 / sqrt(fan_in) and 1 / sqrt(fan_in). A uniform number between
// -a and a has variance a^2 / 3, so this is gain 1/3, a sixth of He's. (We
// leave the biases at their start.)
inline Initializer uniform_start() {
  return [](Parameter<>& parameter, Random& random) {
    const float reach =
        1.0f / std::sqrt(static_cast<float>(parameter.fan_in));
    for (float& number : parameter.value.data())
      number = parameter.fan_in == 0 ? parameter.start
                                     : random.uniform(-reach, reach);
  };
}

// Throws std::invalid_argument if a bias of the layer is not 0.
inline void require_no_bias(Layer<>& layer, const std::string& name) {
  for (const Parameter<>* parameter : layer.parameters())
    for (const float number : parameter->value.data())
      if (parameter->fan_in == 0 && number != 0.0f)
        fail(Refusal::argument, "measured_start: expected biases of " +
                                    name + " that are 0, got " +
                                    std::to_string(number));
}

// Divides a layer's weights by the size of its sums for `signal`, so that
// these have a mean square of 1, and returns the sums. Leaves a layer that
// does not begin with weights as it is, and returns its output.
// Throws std::invalid_argument if a bias is not 0, because a factor on the
// weights would not scale it, or if the sums are all 0 or not finite.
inline Tensor<> measured_layer(Layer<>& layer, const std::string& name,
                               const Tensor<>& signal) {
  Tensor<> sums = layer.forward(signal, Mode::evaluation);
  // Without weights that multiply the inputs, there is nothing to scale.
  const auto parameters = layer.parameters();
  if (parameters.empty() || parameters.front()->fan_in == 0) return sums;
  require_no_bias(layer, name);
  const Tensor<double> exact = convert<double>(sums);
  const double size = root_mean_square<double>(exact.data());
  const auto factor = static_cast<float>(1 / size);
  if (!(size > 0 && factor > 0.0f && std::isfinite(factor)))
    fail(Refusal::argument, "measured_start: expected sums of " + name +
                                " that are finite and not all 0, got "
                                "size " +
                                short_text(size));
  for (float& number : parameters.front()->value.data()) number *= factor;
  for (float& number : sums.data()) number *= factor;
  return sums;
}

// Mishkin and Matas 2015 ("All you need is a good init", LSUV) without
// their orthogonal matrices: send some images through, and measure and
// scale layer by layer, because each layer reads what the one before makes.
// images (N, C, H, W). Throws what measured_layer() throws.
inline void measured_start(Network<>& network, const Tensor<>& images) {
  Tensor<> signal = images;
  for (std::size_t i = 0; i < network.size(); ++i)
    signal = measured_layer(network.layer(i), network.name(i), signal);
}

// The same, but the sums of all layers get the size that He's rule gives to
// those of the first: by (10.1), the root of 2 times the size of the
// images. ReLU and layers without biases pass on a factor, so only the
// first weight is multiplied by it.
inline void measured_start_of_he_size(Network<>& network,
                                      const Tensor<>& images) {
  measured_start(network, images);
  const Tensor<double> exact = convert<double>(images);
  const auto size = static_cast<float>(
      std::sqrt(2.0) * root_mean_square<double>(exact.data()));
  for (float& number : weights_of(network).at(0)->value.data())
    number *= size;
}

}  // namespace cnn
