// The loops of convolve() in another order: the column x innermost, where
// neighbours in the loop are neighbours in memory. The compiler can then
// work on several of them with one instruction.
// Book: book/07-speed.md
#pragma once

#include "04-backprop/backprop.hpp"
#include "07-speed/sizes.hpp"

namespace cnn {

// As convolve(): the same arguments, and the same result up to rounding.
template <class T>
Tensor<T> convolve_reordered(const Tensor<T>& input,
                             const Tensor<T>& weight, const Tensor<T>& bias,
                             int stride = 1, int padding = 0) {
  const ConvolutionSizes sizes(input.shape(), weight.shape(), stride,
                               padding, "convolve_reordered");
  const auto [N, C_in, C_out, K, H_out, W_out] = sizes;
  require_shape(bias.shape(), {C_out}, "convolve_reordered", "bias");
  const Tensor<T> padded = pad(input, padding);
  Tensor<T> output(sizes.output());
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out; ++y) {
        T* sums = &output(n, co, y, 0);
        for (int x = 0; x < W_out; ++x) sums[x] = bias(co);
        for (int ci = 0; ci < C_in; ++ci)
          for (int ky = 0; ky < K; ++ky)
            for (int kx = 0; kx < K; ++kx) {
              const T w = weight(co, ci, ky, kx);
              const T* row = &padded(n, ci, y * stride + ky, kx);
              for (int x = 0; x < W_out; ++x)
                sums[x] += w * row[x * stride];  // (2.3)
            }
      }
  return output;
}

// As convolve_backward_input().
template <class T>
Tensor<T> convolve_reordered_backward_input(const Tensor<T>& grad_output,
                                            const Tensor<T>& weight,
                                            const Shape& input_shape,
                                            int stride = 1,
                                            int padding = 0) {
  const auto [N, C_in, C_out, K, H_out, W_out] =
      sizes_back(grad_output.shape(), input_shape, weight.shape(), stride,
                 padding, "convolve_reordered_backward_input");
  Tensor<T> grad_padded = pad(Tensor<T>(input_shape), padding);
  for (int n = 0; n < N; ++n)
    for (int ci = 0; ci < C_in; ++ci)
      for (int co = 0; co < C_out; ++co)
        for (int y = 0; y < H_out; ++y)
          for (int ky = 0; ky < K; ++ky)
            for (int kx = 0; kx < K; ++kx) {
              const T w = weight(co, ci, ky, kx);
              const T* grad = &grad_output(n, co, y, 0);
              T* sums = &grad_padded(n, ci, y * stride + ky, kx);
              for (int x = 0; x < W_out; ++x)
                sums[x * stride] += grad[x] * w;  // (4.7)
            }
  return unpad(grad_padded, padding);
}

// As convolve_backward_parameters(). All products of a row go into one sum
// here, and a compiler may not reorder a sum, so this pass stays slow.
template <class T>
ParameterGradients<T> convolve_reordered_backward_parameters(
    const Tensor<T>& grad_output, const Tensor<T>& input, int K,
    int stride = 1, int padding = 0) {
  const auto sizes =
      sizes_back(grad_output.shape(), input.shape(), K, stride, padding,
                 "convolve_reordered_backward_parameters");
  const int W_out = sizes.W_out;
  const Tensor<T> padded = pad(input, padding);
  ParameterGradients<T> grads{Tensor<T>({sizes.C_out, sizes.C_in, K, K}),
                              Tensor<T>({sizes.C_out})};
  for (int n = 0; n < sizes.N; ++n)
    for (int co = 0; co < sizes.C_out; ++co)
      for (int y = 0; y < sizes.H_out; ++y) {
        const T* grad = &grad_output(n, co, y, 0);
        for (int x = 0; x < W_out; ++x) grads.bias(co) += grad[x];  // (4.8)
        for (int ci = 0; ci < sizes.C_in; ++ci)
          for (int ky = 0; ky < K; ++ky)
            for (int kx = 0; kx < K; ++kx) {
              const T* row = &padded(n, ci, y * stride + ky, kx);
              T sum = 0;
              for (int x = 0; x < W_out; ++x)
                sum += grad[x] * row[x * stride];  // (4.9)
              grads.weight(co, ci, ky, kx) += sum;
            }
      }
  return grads;
}

}  // namespace cnn
