// The backward pass: one free function for each forward one.
//
// Forward turns an input into an output. Backward is told how the loss
// would change with each number of that output (grad_output) and finds how
// it would change with each number of the input and with each parameter. It
// also gets what it needs of forward's arguments: the same input, weights
// and geometry.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>
#include <limits>
#include <string>

#include "02-convolution/convolution.hpp"
#include "03-pooling/pooling.hpp"
#include "04-backprop/dense.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// How the loss changes with a layer's weight and bias, in their shapes.
template <class T>
struct ParameterGradients {
  Tensor<T> weight, bias;
};

// ---- ReLU --------------------------------------------------------------

// The gradient passes where the input was positive and stops elsewhere. At
// exactly 0 the slope is not defined; like most libraries we take 0.
// grad_output, input -> grad_input, all of one shape
template <class T>
Tensor<T> relu_backward(const Tensor<T>& grad_output,
                        const Tensor<T>& input) {
  require_shape(grad_output.shape(), input.shape(), "relu_backward",
                "grad_output");
  Tensor<T> grad_input = grad_output;
  for (std::size_t i = 0; i < input.data().size(); ++i)
    if (input.data()[i] <= 0) grad_input.data()[i] = 0;  // (4.6)
  return grad_input;
}

// ---- Dense -------------------------------------------------------------

// How the loss changes with each input of dense().
// grad_output (N, F_out)  weight (F_out, F_in) -> grad_input (N, F_in)
template <class T>
Tensor<T> dense_backward_input(const Tensor<T>& grad_output,
                               const Tensor<T>& weight) {
  require_rank(weight.shape(), 2, "dense_backward_input", "weight");
  require_rank(grad_output.shape(), 2, "dense_backward_input",
               "grad_output");
  const int N = grad_output.extent(0);
  const int F_out = weight.extent(0), F_in = weight.extent(1);
  require_shape(grad_output.shape(), {N, F_out}, "dense_backward_input",
                "grad_output");
  Tensor<T> grad_input({N, F_in});
  for (int n = 0; n < N; ++n)
    for (int o = 0; o < F_out; ++o)
      for (int i = 0; i < F_in; ++i)
        grad_input(n, i) += grad_output(n, o) * weight(o, i);  // (4.2)
  return grad_input;
}

// How the loss changes with each weight and bias of dense().
// grad_output (N, F_out)  input (N, F_in)
// -> grad_weight (F_out, F_in)  grad_bias (F_out)
template <class T>
ParameterGradients<T> dense_backward_parameters(
    const Tensor<T>& grad_output, const Tensor<T>& input) {
  require_rank(input.shape(), 2, "dense_backward_parameters", "input");
  require_rank(grad_output.shape(), 2, "dense_backward_parameters",
               "grad_output");
  const int N = input.extent(0), F_in = input.extent(1);
  const int F_out = grad_output.extent(1);
  require_shape(grad_output.shape(), {N, F_out},
                "dense_backward_parameters", "grad_output");
  ParameterGradients<T> grads{Tensor<T>({F_out, F_in}), Tensor<T>({F_out})};
  for (int n = 0; n < N; ++n)
    for (int o = 0; o < F_out; ++o) {
      grads.bias(o) += grad_output(n, o);  // (4.3)
      for (int i = 0; i < F_in; ++i)
        grads.weight(o, i) += grad_output(n, o) * input(n, i);  // (4.4)
    }
  return grads;
}

// ---- Convolution -------------------------------------------------------

// Cuts off the border that pad() added.
// padded (N, C, H + 2 padding, W + 2 padding) -> (N, C, H, W)
// Throws std::invalid_argument if there is no such border.
template <class T>
Tensor<T> unpad(const Tensor<T>& padded, int padding) {
  require_rank(padded.shape(), 4, "unpad", "padded");
  if (padding < 0 ||
      padding > std::min(padded.extent(2), padded.extent(3)) / 2) {
    fail(Refusal::argument, "unpad: no border of " +
                                std::to_string(padding) + " cells in " +
                                to_string(padded.shape()));
  }
  const int N = padded.extent(0), C = padded.extent(1);
  const int H = padded.extent(2) - 2 * padding;
  const int W = padded.extent(3) - 2 * padding;
  Tensor<T> inner({N, C, H, W});
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
          inner(n, c, y, x) = padded(n, c, y + padding, x + padding);
  return inner;
}

// The seven loops of convolve(). There, weight times input was added to the
// output; here, weight times grad_output is added to the gradient of the
// input that the window looked at.
// grad_output (N, C_out, H_out, W_out)  weight (C_out, C_in, K, K)
// input_shape (N, C_in, H, W) -> grad_input (N, C_in, H, W)
template <class T>
Tensor<T> convolve_backward_input(const Tensor<T>& grad_output,
                                  const Tensor<T>& weight,
                                  const Shape& input_shape, int stride = 1,
                                  int padding = 0) {
  require_convolution(input_shape, weight.shape(),
                      "convolve_backward_input");
  const int N = input_shape[0], C_in = input_shape[1];
  const int C_out = weight.extent(0), K = weight.extent(2);
  const int H_out = output_size(input_shape[2], K, stride, padding);
  const int W_out = output_size(input_shape[3], K, stride, padding);
  require_shape(grad_output.shape(), {N, C_out, H_out, W_out},
                "convolve_backward_input", "grad_output");
  Tensor<T> grad_padded = pad(Tensor<T>(input_shape), padding);
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x) {
          const T grad = grad_output(n, co, y, x);
          for (int ci = 0; ci < C_in; ++ci)
            for (int ky = 0; ky < K; ++ky)
              for (int kx = 0; kx < K; ++kx)
                grad_padded(n, ci, y * stride + ky, x * stride + kx) +=
                    grad * weight(co, ci, ky, kx);  // (4.7)
        }
  return unpad(grad_padded, padding);
}

// The seven loops a third time: now input times grad_output is added to the
// gradient of the weight that joined the two.
// grad_output (N, C_out, H_out, W_out)  input (N, C_in, H, W)
// -> grad_weight (C_out, C_in, K, K)  grad_bias (C_out)
template <class T>
ParameterGradients<T> convolve_backward_parameters(
    const Tensor<T>& grad_output, const Tensor<T>& input, int K,
    int stride = 1, int padding = 0) {
  require_rank(input.shape(), 4, "convolve_backward_parameters", "input");
  require_rank(grad_output.shape(), 4, "convolve_backward_parameters",
               "grad_output");
  const int N = input.extent(0), C_in = input.extent(1);
  const int C_out = grad_output.extent(1);
  const int H_out = output_size(input.extent(2), K, stride, padding);
  const int W_out = output_size(input.extent(3), K, stride, padding);
  require_shape(grad_output.shape(), {N, C_out, H_out, W_out},
                "convolve_backward_parameters", "grad_output");
  const Tensor<T> padded = pad(input, padding);
  ParameterGradients<T> grads{Tensor<T>({C_out, C_in, K, K}),
                              Tensor<T>({C_out})};
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x) {
          const T grad = grad_output(n, co, y, x);
          grads.bias(co) += grad;  // (4.8)
          for (int ci = 0; ci < C_in; ++ci)
            for (int ky = 0; ky < K; ++ky)
              for (int kx = 0; kx < K; ++kx)
                grads.weight(co, ci, ky, kx) +=
                    grad * padded(n, ci, y * stride + ky,
                                  x * stride + kx);  // (4.9)
        }
  return grads;
}

// ---- Pooling -----------------------------------------------------------

struct Cell {
  int y = 0, x = 0;
};

// The cell that won the window whose top left cell is (top, left) in image
// n, channel c of `padded`: of equals the first in reading order, as in
// max_pool(). The border of `padding` cells never wins, not even against
// minus infinity.
// Throws std::invalid_argument if there is no such window.
template <class T>
Cell winner(const Tensor<T>& padded, int n, int c, int top, int left,
            int window, int padding = 0) {
  require_rank(padded.shape(), 4, "winner", "padded");
  const int H = padded.extent(2), W = padded.extent(3);
  if (n < 0 || n >= padded.extent(0) || c < 0 || c >= padded.extent(1) ||
      top < 0 || left < 0 || window < 1 || window > H - top ||
      window > W - left || padding < 0 || padding > window / 2)
    fail(Refusal::argument, "winner: no window of " +
                                std::to_string(window) + " at " +
                                to_string(Shape{n, c, top, left}) + " in " +
                                to_string(padded.shape()) +
                                " with padding " + std::to_string(padding));
  Cell best{std::max(top, padding), std::max(left, padding)};
  for (int y = top; y < top + window; ++y)
    for (int x = left; x < left + window; ++x)
      if (takes_the_lead(padded(n, c, y, x), padded(n, c, best.y, best.x)))
        best = {y, x};
  return best;
}

// The whole gradient of an output goes to the cell that won its window. Of
// equals the first in reading order wins: one cell made the output, and
// raising any of them by a hair would raise the output by that hair, not by
// half. Where windows overlap, a cell that wins several gets the sum.
// grad_output (N, C, H_out, W_out)  input (N, C, H, W)
// -> grad_input (N, C, H, W)
template <class T>
Tensor<T> max_pool_backward(const Tensor<T>& grad_output,
                            const Tensor<T>& input,
                            const Pooling& pooling = {}) {
  require_rank(input.shape(), 4, "max_pool_backward", "input");
  require_pooling(pooling, "max_pool_backward");
  const auto [window, stride, padding] = pooling;
  const int N = input.extent(0), C = input.extent(1);
  const int H_out = output_size(input.extent(2), window, stride, padding);
  const int W_out = output_size(input.extent(3), window, stride, padding);
  require_shape(grad_output.shape(), {N, C, H_out, W_out},
                "max_pool_backward", "grad_output");
  const T lowest = -std::numeric_limits<T>::infinity();
  const Tensor<T> padded = pad(input, padding, lowest);
  Tensor<T> grad_padded(padded.shape());
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x) {
          const Cell won =
              winner(padded, n, c, y * stride, x * stride, window, padding);
          grad_padded(n, c, won.y, won.x) +=
              grad_output(n, c, y, x);  // (4.10)
        }
  return unpad(grad_padded, padding);
}

// Each output's gradient is shared equally among the cells of its window.
// grad_output (N, C, H_out, W_out)  input_shape (N, C, H, W)
// -> grad_input (N, C, H, W)
template <class T>
Tensor<T> average_pool_backward(const Tensor<T>& grad_output,
                                const Shape& input_shape,
                                const Pooling& pooling = {}) {
  require_rank(input_shape, 4, "average_pool_backward", "input_shape");
  require_pooling(pooling, "average_pool_backward");
  const auto [window, stride, padding] = pooling;
  const int N = input_shape[0], C = input_shape[1];
  const int H_out = output_size(input_shape[2], window, stride, padding);
  const int W_out = output_size(input_shape[3], window, stride, padding);
  require_shape(grad_output.shape(), {N, C, H_out, W_out},
                "average_pool_backward", "grad_output");
  const T cells = static_cast<T>(window) * static_cast<T>(window);
  Tensor<T> grad_padded = pad(Tensor<T>(input_shape), padding);
  for (int n = 0; n < N; ++n)
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H_out; ++y)
        for (int x = 0; x < W_out; ++x)
          for (int ky = 0; ky < window; ++ky)
            for (int kx = 0; kx < window; ++kx)
              grad_padded(n, c, y * stride + ky, x * stride + kx) +=
                  grad_output(n, c, y, x) / cells;  // (4.11)
  return unpad(grad_padded, padding);
}

}  // namespace cnn
