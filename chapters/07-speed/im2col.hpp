// Convolution as one product of two matrices, as most frameworks do it:
// every window is written out as a column ("im2col", image to columns;
// Chellapilla et al. 2006), so that K K copies of the image must be made.
// Book: book/07-speed.md
#pragma once

#include <algorithm>

#include "04-backprop/backprop.hpp"
#include "07-speed/sizes.hpp"

namespace cnn {

// output += left times right, with the innermost loop along rows.
// left (M, K)  right (K, N) -> output (M, N)
template <class T>
void add_product(const T* left, const T* right, T* output, int M, int K,
                 int N) {
  for (int m = 0; m < M; ++m)
    for (int k = 0; k < K; ++k) {
      const T factor = left[m * K + k];
      for (int n = 0; n < N; ++n)
        output[m * N + n] += factor * right[k * N + n];
    }
}

// matrix (M, N) -> (N, M)
template <class T>
Tensor<T> transposed(const Tensor<T>& matrix) {
  Tensor<T> result({matrix.extent(1), matrix.extent(0)});
  for (int m = 0; m < matrix.extent(0); ++m)
    for (int n = 0; n < matrix.extent(1); ++n) result(n, m) = matrix(m, n);
  return result;
}

// Calls visit(row, column, cell) for every cell of the matrix of columns:
// the row is one (ci, ky, kx), the column one (y, x), and `cell` is the
// number of padded image n that belongs there.
template <class T, class Visit>
void for_each_column_cell(Tensor<T>& padded, int n, int K, int stride,
                          const Visit& visit) {
  const int H_out = (padded.extent(2) - K) / stride + 1;
  const int W_out = (padded.extent(3) - K) / stride + 1;
  for (int ci = 0, row = 0; ci < padded.extent(1); ++ci)
    for (int ky = 0; ky < K; ++ky)
      for (int kx = 0; kx < K; ++kx, ++row)
        for (int y = 0; y < H_out; ++y)
          for (int x = 0; x < W_out; ++x)
            visit(row, y * W_out + x,
                  padded(n, ci, y * stride + ky, x * stride + kx));
}

// padded (N, C_in, ...) -> image n as (C_in K K, H_out W_out)
template <class T>
Tensor<T> im2col(Tensor<T>& padded, int n, int K, int stride, int places) {
  Tensor<T> columns({padded.extent(1) * K * K, places});
  for_each_column_cell(
      padded, n, K, stride,
      [&](int row, int place, T cell) { columns(row, place) = cell; });
  return columns;
}

// As convolve().
template <class T>
Tensor<T> convolve_im2col(const Tensor<T>& input, const Tensor<T>& weight,
                          const Tensor<T>& bias, int stride = 1,
                          int padding = 0) {
  const ConvolutionSizes sizes(input.shape(), weight.shape(), stride,
                               padding, "convolve_im2col");
  const auto [N, C_in, C_out, K, H_out, W_out] = sizes;
  require_shape(bias.shape(), {C_out}, "convolve_im2col", "bias");
  Tensor<T> padded = pad(input, padding);
  Tensor<T> output(sizes.output());
  for (int n = 0; n < N; ++n) {
    const Tensor<T> columns = im2col(padded, n, K, stride, sizes.places());
    for (int co = 0; co < C_out; ++co)
      std::fill_n(&output(n, co, 0, 0), sizes.places(), bias(co));
    add_product(weight.data().data(), columns.data().data(),
                &output(n, 0, 0, 0), C_out, C_in * K * K,
                H_out * W_out);  // (2.3)
  }
  return output;
}

// As convolve_backward_input(): the columns' gradients, added back to the
// cells that the columns were copied from.
template <class T>
Tensor<T> convolve_im2col_backward_input(const Tensor<T>& grad_output,
                                         const Tensor<T>& weight,
                                         const Shape& input_shape,
                                         int stride = 1, int padding = 0) {
  const auto sizes =
      sizes_back(grad_output.shape(), input_shape, weight.shape(), stride,
                 padding, "convolve_im2col_backward_input");
  const int row = weight.strides()[0];
  const Tensor<T> turned = transposed(weight.reshaped({sizes.C_out, row}));
  Tensor<T> grad_padded = pad(Tensor<T>(input_shape), padding);
  for (int n = 0; n < sizes.N; ++n) {
    Tensor<T> columns({row, sizes.places()});
    add_product(turned.data().data(), &grad_output(n, 0, 0, 0),
                columns.data().data(), row, sizes.C_out, sizes.places());
    for_each_column_cell(grad_padded, n, sizes.K, stride,
                         [&](int r, int place, T& cell) {
                           cell += columns(r, place);  // (4.7)
                         });
  }
  return unpad(grad_padded, padding);
}

// As convolve_backward_parameters().
template <class T>
ParameterGradients<T> convolve_im2col_backward_parameters(
    const Tensor<T>& grad_output, const Tensor<T>& input, int K,
    int stride = 1, int padding = 0) {
  const auto sizes =
      sizes_back(grad_output.shape(), input.shape(), K, stride, padding,
                 "convolve_im2col_backward_parameters");
  const int C_out = sizes.C_out, places = sizes.places();
  Tensor<T> padded = pad(input, padding);
  ParameterGradients<T> grads{Tensor<T>({C_out, sizes.C_in, K, K}),
                              Tensor<T>({C_out})};
  for (int n = 0; n < sizes.N; ++n) {
    const Tensor<T> rows = transposed(im2col(padded, n, K, stride, places));
    add_product(&grad_output(n, 0, 0, 0), rows.data().data(),
                grads.weight.data().data(), C_out, places,
                sizes.C_in * K * K);  // (4.9)
    for (int co = 0; co < C_out; ++co)
      for (int place = 0; place < places; ++place)
        grads.bias(co) += (&grad_output(n, co, 0, 0))[place];  // (4.8)
  }
  return grads;
}

}  // namespace cnn
