// Compares each layer's backward pass with central differences. Most of the
// functions to be tested are parameters, so that wrong ones can be tried,
// too.
// Book: book/04-backprop.md
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "04-backprop/backprop.hpp"
#include "04-backprop/gradient_check.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

using Doubles = Tensor<double>;

// Standard normal numbers of the given shape.
inline Doubles random_doubles(const Shape& shape, Random& random) {
  Doubles numbers(shape);
  for (double& number : numbers.data())
    number = static_cast<double>(random.normal());
  return numbers;
}

// Numbers in random order that differ from one another by 0.01 or more, and
// from 0 by 0.005 or more: a small nudge changes neither the winner of a
// window nor the side of a bend.
inline Doubles distinct_doubles(const Shape& shape, Random& random) {
  Doubles numbers(shape);
  const std::vector<int> order = random.permutation(numbers.size());
  const int middle = numbers.size() / 2;
  for (int i = 0; i < numbers.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    numbers.data()[at] = 0.01 * (order[at] - middle) + 0.005;
  }
  return numbers;
}

// check_gradient() with a larger nudge. While no winner changes and no bend
// is crossed, the probed output of a layer is a straight line in each
// number that goes in, so the nudge need not be tiny, and a larger one
// suffers less from rounding.
inline GradientCheck check_layer_gradient(const std::string& name,
                                          const Doubles& computed,
                                          const Doubles& at,
                                          const Loss& loss) {
  return check_gradient(name, computed, at, loss, 1e-3);
}

// ---- ReLU --------------------------------------------------------------

using ReluBackward = std::function<Doubles(const Doubles& grad_output,
                                           const Doubles& input)>;

inline std::vector<GradientCheck> check_relu(
    const Shape& shape, Random& random,
    const ReluBackward& backward = relu_backward<double>) {
  const Doubles input = distinct_doubles(shape, random);
  const Doubles probe = random_doubles(shape, random);
  return {check_layer_gradient(
      "grad_input", backward(probe, input), input,
      [&](const Doubles& x) { return probed(relu(x), probe); })};
}

// ---- Dense -------------------------------------------------------------

// The right function ignores the bias; a wrong one may use it.
using DenseBackwardParameters = std::function<ParameterGradients<double>(
    const Doubles& grad_output, const Doubles& input, const Doubles& bias)>;

inline ParameterGradients<double> correct_dense_backward(
    const Doubles& grad_output, const Doubles& input, const Doubles&) {
  return dense_backward_parameters(grad_output, input);
}

// input (N, F_in) -> output (N, F_out)
inline std::vector<GradientCheck> check_dense(
    int N, int F_in, int F_out, Random& random,
    const DenseBackwardParameters& backward_parameters =
        correct_dense_backward) {
  const Doubles input = random_doubles({N, F_in}, random);
  const Doubles weight = random_doubles({F_out, F_in}, random);
  const Doubles bias = random_doubles({F_out}, random);
  const Doubles probe = random_doubles({N, F_out}, random);
  const auto grads = backward_parameters(probe, input, bias);
  return {
      check_layer_gradient("grad_input",
                           dense_backward_input(probe, weight), input,
                           [&](const Doubles& x) {
                             return probed(dense(x, weight, bias), probe);
                           }),
      check_layer_gradient("grad_weight", grads.weight, weight,
                           [&](const Doubles& w) {
                             return probed(dense(input, w, bias), probe);
                           }),
      check_layer_gradient("grad_bias", grads.bias, bias,
                           [&](const Doubles& b) {
                             return probed(dense(input, weight, b), probe);
                           })};
}

// ---- Convolution -------------------------------------------------------

struct ConvolutionCase {
  int N = 2, C_in = 3, H = 7, W = 6;
  int C_out = 4, K = 3, stride = 1, padding = 0;
};

using ConvolutionBackwardInput = std::function<Doubles(
    const Doubles& grad_output, const Doubles& weight,
    const Shape& input_shape, int stride, int padding)>;
using ConvolutionBackwardParameters =
    std::function<ParameterGradients<double>(const Doubles& grad_output,
                                             const Doubles& input, int K,
                                             int stride, int padding)>;

inline std::vector<GradientCheck> check_convolution(
    const ConvolutionCase& it, Random& random,
    const ConvolutionBackwardInput& backward_input =
        convolve_backward_input<double>,
    const ConvolutionBackwardParameters& backward_parameters =
        convolve_backward_parameters<double>) {
  const int s = it.stride, p = it.padding;
  const Doubles input = random_doubles({it.N, it.C_in, it.H, it.W}, random);
  const Doubles weight =
      random_doubles({it.C_out, it.C_in, it.K, it.K}, random);
  const Doubles bias = random_doubles({it.C_out}, random);
  const Shape output_shape = convolve(input, weight, bias, s, p).shape();
  const Doubles probe = random_doubles(output_shape, random);
  const auto grads = backward_parameters(probe, input, it.K, s, p);
  return {check_layer_gradient(
              "grad_input",
              backward_input(probe, weight, input.shape(), s, p), input,
              [&](const Doubles& x) {
                return probed(convolve(x, weight, bias, s, p), probe);
              }),
          check_layer_gradient("grad_weight", grads.weight, weight,
                               [&](const Doubles& w) {
                                 return probed(
                                     convolve(input, w, bias, s, p), probe);
                               }),
          check_layer_gradient(
              "grad_bias", grads.bias, bias, [&](const Doubles& b) {
                return probed(convolve(input, weight, b, s, p), probe);
              })};
}

// ---- Pooling -----------------------------------------------------------

using PoolBackward = std::function<Doubles(
    const Doubles& grad_output, const Doubles& input, const Pooling&)>;

inline std::vector<GradientCheck> check_max_pool(
    const Shape& shape, const Pooling& pooling, Random& random,
    const PoolBackward& backward = max_pool_backward<double>) {
  const Doubles input = distinct_doubles(shape, random);
  const Doubles probe =
      random_doubles(max_pool(input, pooling).shape(), random);
  return {check_layer_gradient("grad_input",
                               backward(probe, input, pooling), input,
                               [&](const Doubles& x) {
                                 return probed(max_pool(x, pooling), probe);
                               })};
}

inline std::vector<GradientCheck> check_average_pool(const Shape& shape,
                                                     const Pooling& pooling,
                                                     Random& random) {
  const Doubles input = random_doubles(shape, random);
  const Doubles probe =
      random_doubles(average_pool(input, pooling).shape(), random);
  return {check_layer_gradient(
      "grad_input", average_pool_backward(probe, shape, pooling), input,
      [&](const Doubles& x) {
        return probed(average_pool(x, pooling), probe);
      })};
}

}  // namespace cnn
