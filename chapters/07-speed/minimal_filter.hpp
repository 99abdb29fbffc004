// Fewer products: neighbouring outputs of a filter share inputs, so m of
// them need m + r - 1 products instead of m r (Winograd, "Arithmetic
// complexity of computations", 1980; for convolutions with the matrices
// below: Lavin and Gray, "Fast algorithms for convolutional neural
// networks", 2015).
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "07-speed/im2col.hpp"
#include "07-speed/sizes.hpp"

namespace cnn {

// ---- One dimension, by hand --------------------------------------------

// F(2, 3): two outputs of a filter of three taps.
//   y0 = d0 g0 + d1 g1 + d2 g2
//   y1 = d1 g0 + d2 g1 + d3 g2
// Returns four products that are enough for both.  inputs d (4)  taps g (3)
template <class T>
std::array<T, 4> four_products(const std::array<T, 4>& d,
                               const std::array<T, 3>& g) {
  return {(d[0] - d[2]) * g[0], (d[1] + d[2]) * ((g[0] + g[1] + g[2]) / 2),
          (d[2] - d[1]) * ((g[0] - g[1] + g[2]) / 2),
          (d[1] - d[3]) * g[2]};  // (7.2)
}

// products (4) -> outputs y (2)
template <class T>
std::array<T, 2> two_outputs(const std::array<T, 4>& m) {
  return {m[0] + m[1] + m[2], m[1] - m[2] - m[3]};  // (7.3)
}

// ---- Any size, by three matrices ---------------------------------------

// F(m, r): m outputs of a filter of r taps, by n = m + r - 1 products.
struct MinimalFilter {
  int m = 0, r = 0;
  Tensor<double> BT;  // (n, n): adds up inputs
  Tensor<double> G;   // (n, r): adds up weights, once for all inputs
  Tensor<double> AT;  // (m, n): adds up products

  int n() const { return m + r - 1; }
};

// With one output there is nothing to share: in two dimensions it takes
// nine products, the direct way, but each has its own sum over channels.
inline MinimalFilter filter_1_3() {
  const Tensor<double> alone({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1});
  return {1, 3, alone, alone, Tensor<double>({1, 3}, {1, 1, 1})};
}

// clang-format off

// (7.2) and (7.3).
inline MinimalFilter filter_2_3() {
  return {2, 3,
          Tensor<double>({4, 4}, {1,  0, -1,  0,
                                  0,  1,  1,  0,
                                  0, -1,  1,  0,
                                  0,  1,  0, -1}),
          Tensor<double>({4, 3}, {1.0,  0.0, 0.0,
                                  0.5,  0.5, 0.5,
                                  0.5, -0.5, 0.5,
                                  0.0,  0.0, 1.0}),
          Tensor<double>({2, 4}, {1, 1,  1,  0,
                                  0, 1, -1, -1})};
}

// Lavin and Gray's.
inline MinimalFilter filter_4_3() {
  return {4, 3,
          Tensor<double>({6, 6}, {4,  0, -5,  0, 1, 0,
                                  0, -4, -4,  1, 1, 0,
                                  0,  4, -4, -1, 1, 0,
                                  0, -2, -1,  2, 1, 0,
                                  0,  2, -1, -2, 1, 0,
                                  0,  4,  0, -5, 0, 1}),
          Tensor<double>({6, 3}, { 1.0 / 4,   0,         0,
                                  -1.0 / 6,  -1.0 / 6,  -1.0 / 6,
                                  -1.0 / 6,   1.0 / 6,  -1.0 / 6,
                                   1.0 / 24,  1.0 / 12,  1.0 / 6,
                                   1.0 / 24, -1.0 / 12,  1.0 / 6,
                                   0,         0,         1}),
          Tensor<double>({4, 6}, {1, 1,  1, 1,  1, 0,
                                  0, 1, -1, 2, -2, 0,
                                  0, 1,  1, 4,  4, 0,
                                  0, 1, -1, 8, -8, 1})};
}

// From Lavin's program wincnn, with the points 0, 1, -1, 2, -2, 1/2, -1/2.
inline MinimalFilter filter_6_3() {
  return {6, 3,
          Tensor<double>({8, 8},
              {1,  0,   -5.25,  0,     5.25,  0,    -1, 0,
               0,  1,    1,    -4.25, -4.25,  1,     1, 0,
               0, -1,    1,     4.25, -4.25, -1,     1, 0,
               0,  0.5,  0.25, -2.5,  -1.25,  2,     1, 0,
               0, -0.5,  0.25,  2.5,  -1.25, -2,     1, 0,
               0,  2,    4,    -2.5,  -5,     0.5,   1, 0,
               0, -2,    4,     2.5,  -5,    -0.5,   1, 0,
               0, -1,    0,     5.25,  0,    -5.25,  0, 1}),
          Tensor<double>({8, 3}, { 1,          0,         0,
                                  -2.0 / 9,   -2.0 / 9,  -2.0 / 9,
                                  -2.0 / 9,    2.0 / 9,  -2.0 / 9,
                                   1.0 / 90,   1.0 / 45,  2.0 / 45,
                                   1.0 / 90,  -1.0 / 45,  2.0 / 45,
                                  32.0 / 45,  16.0 / 45,  8.0 / 45,
                                  32.0 / 45, -16.0 / 45,  8.0 / 45,
                                   0,          0,         1}),
          Tensor<double>({6, 8},
              {1, 1,  1,  1,   1, 1,       1,       0,
               0, 1, -1,  2,  -2, 1.0 / 2, -1.0 / 2,  0,
               0, 1,  1,  4,   4, 1.0 / 4,  1.0 / 4,  0,
               0, 1, -1,  8,  -8, 1.0 / 8, -1.0 / 8,  0,
               0, 1,  1, 16,  16, 1.0 / 16, 1.0 / 16, 0,
               0, 1, -1, 32, -32, 1.0 / 32, -1.0 / 32, 1})};
}

// clang-format on

// ---- Two dimensions: every column, then every row ----------------------

// M x M^T. matrix M (R, S)  x (S, S) -> (R, R)
template <class T>
Tensor<T> on_both_sides(const Tensor<double>& matrix, const Tensor<T>& x) {
  const Tensor<T> M = convert<T>(matrix), turned = transposed(M);
  const int R = M.extent(0), S = M.extent(1);
  Tensor<T> columns({R, S}), result({R, R});
  add_product(M.data().data(), x.data().data(), columns.data().data(), R, S,
              S);
  add_product(columns.data().data(), turned.data().data(),
              result.data().data(), R, S, R);
  return result;
}

// F(m x m, r x r): m m outputs by n n products.
// inputs d (n, n)  weights g (r, r) -> outputs (m, m)
template <class T>
Tensor<T> minimal_filter(const MinimalFilter& by, const Tensor<T>& d,
                         const Tensor<T>& g) {
  require_shape(d.shape(), {by.n(), by.n()}, "minimal_filter", "input");
  require_shape(g.shape(), {by.r, by.r}, "minimal_filter", "weight");
  Tensor<T> products = on_both_sides(by.BT, d);
  const Tensor<T> weights = on_both_sides(by.G, g);
  for (std::size_t i = 0; i < products.data().size(); ++i)
    products.data()[i] = products.data()[i] * weights.data()[i];
  return on_both_sides(by.AT, products);  // (7.4)
}

// ---- A whole convolution -----------------------------------------------

// Plane c of image n, from row `top` and column `left` on; what lies
// outside counts as 0. images (N, C, H, W) -> (size, size)
template <class T>
Tensor<T> cut_tile(const Tensor<T>& images, int n, int c, int top, int left,
                   int size) {
  Tensor<T> tile({size, size});
  const int rows = std::min(size, images.extent(2) - top);
  const int columns = std::min(size, images.extent(3) - left);
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x)
      tile(y, x) = images(n, c, top + y, left + x);
  return tile;
}

// G g G^T for every kernel: once, however many images there are.
// weight (C_out, C_in, r, r) -> C_out C_in times (n, n)
template <class T>
std::vector<Tensor<T>> transformed_weights(const MinimalFilter& by,
                                           const Tensor<T>& weight) {
  const int C_out = weight.extent(0), C_in = weight.extent(1);
  std::vector<Tensor<T>> kernels;
  for (int co = 0; co < C_out; ++co)
    for (int ci = 0; ci < C_in; ++ci)
      kernels.push_back(
          on_both_sides(by.G, cut_tile(weight, co, ci, 0, 0, by.r)));
  return kernels;
}

// One tile of the output, for all its channels: each channel of the input
// and each channel of the output is transformed once.
// inputs: C_in times B^T d B  weights: C_out C_in times G g G^T
// -> C_out times (m, m)
template <class T>
std::vector<Tensor<T>> filtered(const MinimalFilter& by,
                                const std::vector<Tensor<T>>& inputs,
                                const std::vector<Tensor<T>>& weights) {
  std::vector<Tensor<T>> outputs;
  for (auto weight = weights.begin(); weight != weights.end();) {
    Tensor<T> sums({by.n(), by.n()});
    for (const Tensor<T>& input : inputs) {
      for (std::size_t i = 0; i < sums.data().size(); ++i)
        sums.data()[i] += weight->data()[i] * input.data()[i];
      ++weight;
    }
    outputs.push_back(on_both_sides(by.AT, sums));  // (7.5)
  }
  return outputs;
}

// A whole convolution, from weights that are transformed already.
// input (N, C_in, H, W)  bias (C_out) -> output (N, C_out, H_out, W_out)
template <class T>
Tensor<T> convolve_transformed(const MinimalFilter& by,
                               const Tensor<T>& input,
                               const std::vector<Tensor<T>>& weights,
                               const Tensor<T>& bias, int padding) {
  const Tensor<T> padded = pad(input, padding);
  const int N = input.extent(0), C_in = input.extent(1);
  const int C_out = bias.extent(0);
  Tensor<T> output({N, C_out,
                    output_size(input.extent(2), by.r, 1, padding),
                    output_size(input.extent(3), by.r, 1, padding)});
  for (int n = 0; n < N; ++n)
    for (int top = 0; top < output.extent(2); top += by.m)
      for (int left = 0; left < output.extent(3); left += by.m) {
        std::vector<Tensor<T>> inputs;
        for (int ci = 0; ci < C_in; ++ci)
          inputs.push_back(on_both_sides(
              by.BT, cut_tile(padded, n, ci, top, left, by.n())));
        const auto tiles = filtered(by, inputs, weights);
        const int rows = std::min(by.m, output.extent(2) - top);
        const int columns = std::min(by.m, output.extent(3) - left);
        for (int co = 0; co < C_out; ++co)
          for (int y = 0; y < rows; ++y)
            for (int x = 0; x < columns; ++x)
              output(n, co, top + y, left + x) =
                  bias(co) + tiles[static_cast<std::size_t>(co)](y, x);
      }
  return output;
}

// As convolve() with a stride of 1, in tiles of m x m outputs.
// input (N, C_in, H, W)  weight (C_out, C_in, r, r)  bias (C_out)
// -> output (N, C_out, H_out, W_out)
template <class T>
Tensor<T> convolve_with_fewer_products(
    const Tensor<T>& input, const Tensor<T>& weight, const Tensor<T>& bias,
    int padding = 0, const MinimalFilter& by = filter_2_3()) {
  const std::string where = "convolve_with_fewer_products";
  const ConvolutionSizes sizes(input.shape(), weight.shape(), 1, padding,
                               where);
  require_shape(weight.shape(), {sizes.C_out, sizes.C_in, by.r, by.r},
                where, "weight");
  require_shape(bias.shape(), {sizes.C_out}, where, "bias");
  return convolve_transformed(by, input, transformed_weights(by, weight),
                              bias, padding);
}

}  // namespace cnn
