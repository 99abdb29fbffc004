// The loops of convolve() in another order: the column x innermost, where
// neighbours in the loop are neighbours in memory. The compiler can then
// work on several of them with one instruction.
#pragma once

#include "04-backprop/backprop.hpp"

namespace cnn {

// As convolve(): same arguments, same result but for rounding.
template <class T>
Tensor<T> convolve_reordered(const Tensor<T>& input,
                             const Tensor<T>& weight, const Tensor<T>& bias,
                             int stride = 1, int padding = 0) {
  require_convolution(input.shape(), weight.shape(), "convolve_reordered");
  require_shape(bias.shape(), {weight.extent(0)}, "convolve_reordered",
                "bias");
  const int N = input.extent(0), C_in = input.extent(1);
  const int C_out = weight.extent(0), K = weight.extent(2);
  const int H_out = output_size(input.extent(2), K, stride, padding);
  const int W_out = output_size(input.extent(3), K, stride, padding);
  const Tensor<T> padded = pad(input, padding);
  Tensor<T> output({N, C_out, H_out, W_out});
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
  require_convolution(input_shape, weight.shape(),
                      "convolve_reordered_backward_input");
  const int N = input_shape[0], C_in = input_shape[1];
  const int C_out = weight.extent(0), K = weight.extent(2);
  const int H_out = output_size(input_shape[2], K, stride, padding);
  const int W_out = output_size(input_shape[3], K, stride, padding);
  require_shape(grad_output.shape(), {N, C_out, H_out, W_out},
                "convolve_reordered_backward_input", "grad_output");
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

// As convolve_backward_parameters(). All products go into one sum here, and
// a compiler may not reorder a sum: this one stays slow.
template <class T>
ParameterGradients<T> convolve_reordered_backward_parameters(
    const Tensor<T>& grad_output, const Tensor<T>& input, int K,
    int stride = 1, int padding = 0) {
  require_rank(input.shape(), 4, "convolve_reordered_backward_parameters",
               "input");
  const int N = input.extent(0), C_in = input.extent(1);
  const int H_out = output_size(input.extent(2), K, stride, padding);
  const int W_out = output_size(input.extent(3), K, stride, padding);
  const int C_out = grad_output.rank() == 4 ? grad_output.extent(1) : 0;
  require_shape(grad_output.shape(), {N, C_out, H_out, W_out},
                "convolve_reordered_backward_parameters", "grad_output");
  const Tensor<T> padded = pad(input, padding);
  ParameterGradients<T> grads{Tensor<T>({C_out, C_in, K, K}),
                              Tensor<T>({C_out})};
  for (int n = 0; n < N; ++n)
    for (int co = 0; co < C_out; ++co)
      for (int y = 0; y < H_out; ++y) {
        const T* grad = &grad_output(n, co, y, 0);
        for (int x = 0; x < W_out; ++x) grads.bias(co) += grad[x];  // (4.8)
        for (int ci = 0; ci < C_in; ++ci)
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
