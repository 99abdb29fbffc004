// How large the signal is in each layer, and its gradient in the backward
// pass: measured in double, because squares of small numbers become 0 in
// float.
// Book: book/10-initialization.md
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "04-backprop/backprop.hpp"
#include "04-backprop/dense.hpp"
#include "04-backprop/layer_checks.hpp"
#include "06-training/experiments.hpp"
#include "10-initialization/deep_network.hpp"
#include "10-initialization/same_everywhere.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// What is applied to the sums of a layer.
enum class Activation { relu, tanh };

// The activation of each number. z (N, F) -> (N, F)
inline Tensor<double> activated(const Tensor<double>& z,
                                Activation activation) {
  if (activation == Activation::relu) return relu(z);
  Tensor<double> output = z;
  for (double& number : output.data())
    number = same_everywhere(std::tanh(number));
  return output;
}

// The gradient of the loss with respect to z, given `grad_output`, that
// with respect to output = activated(z). The output is enough to know the
// slope: that of ReLU is 1 where the output is above 0, and that of tanh is
// 1 - output^2.
inline Tensor<double> activated_backward(const Tensor<double>& grad_output,
                                         const Tensor<double>& output,
                                         Activation activation) {
  if (activation == Activation::relu)
    return relu_backward(grad_output, output);
  Tensor<double> grad_z = grad_output;
  for (std::size_t i = 0; i < grad_z.data().size(); ++i) {
    const double y = output.data()[i];
    grad_z.data()[i] *= 1 - y * y;
  }
  return grad_z;
}

// The weights of `depth` layers as an initializer draws them, in double and
// without those of the scores: (width, 784), then (width, width).
inline std::vector<Tensor<double>> deep_weights(int depth, int width,
                                                const Initializer& start,
                                                std::uint64_t seed) {
  Network<> network =
      build_network(deep_network(depth, width), {1, 28, 28});
  Random random(seed);
  initialize(network, start, random);
  std::vector<Tensor<double>> weights;
  for (const Parameter<>* weight : weights_of(network))
    weights.push_back(convert<double>(weight->value));
  weights.pop_back();
  return weights;
}

// forward[l]: the root mean square of the output of layer l; forward[0] is
// that of the images. backward[l]: the root mean square of the gradient
// with respect to that output, for a random gradient of about 1 at the last
// layer; backward[0] is not computed, and stays 0.
struct LayerSizes {
  std::vector<double> forward, backward;

  const std::vector<double>& one(bool is_forward) const {
    return is_forward ? forward : backward;
  }
};

// The output of each layer, from the first to the last. input (N, F)
inline std::vector<Tensor<double>> deep_outputs(
    const std::vector<Tensor<double>>& weights, Activation activation,
    Tensor<double> input) {
  std::vector<Tensor<double>> outputs;
  for (const Tensor<double>& weight : weights) {
    outputs.push_back(
        activated(dense(input, weight, Tensor<double>({weight.extent(0)})),
                  activation));
    input = outputs.back();
  }
  return outputs;
}

// Measures the LayerSizes. input (N, F), gradient (N, width): that with
// respect to the last layer's output
// Throws std::invalid_argument if there are no layers.
inline LayerSizes measure_sizes(const std::vector<Tensor<double>>& weights,
                                Activation activation,
                                const Tensor<double>& input,
                                Tensor<double> gradient) {
  const std::size_t depth = weights.size();
  if (depth == 0)
    fail(Refusal::argument, "measure_sizes: expected layers, got none");
  LayerSizes sizes{std::vector<double>(depth + 1),
                   std::vector<double>(depth + 1)};
  const std::vector<Tensor<double>> outputs =
      deep_outputs(weights, activation, input);
  sizes.forward[0] = root_mean_square<double>(input.data());
  for (std::size_t l = 1; l <= depth; ++l)
    sizes.forward[l] = root_mean_square<double>(outputs[l - 1].data());
  for (std::size_t l = depth; l > 0; --l) {
    sizes.backward[l] = root_mean_square<double>(gradient.data());
    if (l > 1)
      gradient = dense_backward_input(
          activated_backward(gradient, outputs[l - 1], activation),
          weights[l - 1]);
  }
  return sizes;
}

// Numbers of mean 0 and standard deviation 1. -> (N, F)
inline Tensor<double> random_gradient(int N, int F, std::uint64_t seed) {
  Random random(seed);
  return random_doubles({N, F}, random);
}

// The factor by which one layer with ReLU multiplies the size: forwards
// with n = fan_in, backwards with n = fan_out.
//   sqrt(n variance / 2)                                           (10.2)
inline double size_factor(double variance, int n) {
  return std::sqrt(n * variance / 2);
}

// The sizes by (10.2), forwards from the images' and backwards from 1.
// fixed_deviation: true if the first layer has the others' variance,
// gain / width, and false if it has gain / inputs
inline LayerSizes sizes_by_formula(double image_size, int inputs, int width,
                                   int depth, double gain,
                                   bool fixed_deviation) {
  const auto count = static_cast<std::size_t>(depth) + 1;
  LayerSizes sizes{std::vector<double>(count), std::vector<double>(count)};
  const double variance = gain / width;
  const double factor = size_factor(variance, width);
  sizes.forward[0] = image_size;
  for (std::size_t l = 1; l < count; ++l)
    sizes.forward[l] =
        sizes.forward[l - 1] *
        (l > 1 ? factor
               : size_factor(fixed_deviation ? variance : gain / inputs,
                             inputs));
  sizes.backward[count - 1] = 1;
  for (std::size_t l = count - 1; l > 1; --l)
    sizes.backward[l - 1] = sizes.backward[l] * factor;
  return sizes;
}

}  // namespace cnn
