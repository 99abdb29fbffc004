// Winograd's F(2 x 2, 3 x 3): a convolution with kernels of 3 x 3 and
// stride 1 becomes sixteen of 1 x 1, with 16 products for each tile of
// 2 x 2 outputs where the sums of (2.3) have 36. Included like lanes.hpp.
// Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural
// Networks" (2015).
// Book: book/07-speed.md
#pragma once

#include "07-speed/tiles.hpp"
#include "07-speed/weight_tiles.hpp"

namespace cnn::CNN_ISA {

// How many tiles are transformed at once: their 16 C cells each, C the more
// of the channels that go in and come out, should stay in the second cache.
inline int tiles_at_once(int C_in, int C_out) {
  const int C = C_in > C_out ? C_in : C_out;
  return within(winograd_cells / (16 * C * L), 10) + 4;
}

// The three matrices of (7.4), each times a few numbers; the results lie
// `next` apart. B^T of four and A^T of four: (7.2) and (7.3).
template <class T>
[[gnu::always_inline]] inline void times_BT(const T& d0, const T& d1,
                                            const T& d2, const T& d3, T* to,
                                            int next) {
  to[0] = d0 - d2;
  to[next] = d1 + d2;
  to[2 * next] = d2 - d1;
  to[3 * next] = d1 - d3;
}
template <class T>
[[gnu::always_inline]] inline void times_AT(const T& m1, const T& m2,
                                            const T& m3, const T& m4, T* to,
                                            int next) {
  to[0] = m1 + m2 + m3;
  to[next] = m2 - m3 - m4;
}
inline void times_G(float g0, float g1, float g2, float* to, int next) {
  to[0] = g0;
  to[next] = (g0 + g1 + g2) / 2;
  to[2 * next] = (g0 - g1 + g2) / 2;
  to[3 * next] = g2;
}

// U = G g G^T: one kernel of 3 x 3 -> 4 x 4 numbers
inline void transform_kernel(const Weights& g, int co, int ci, float* u) {
  float half[4][3];
  for (int x = 0; x < 3; ++x)
    times_G(g.at(co, ci, x), g.at(co, ci, 3 + x), g.at(co, ci, 6 + x),
            &half[0][x], 3);
  for (int y = 0; y < 4; ++y)
    times_G(half[y][0], half[y][1], half[y][2], u + 4 * y, 1);
}

// V = B^T d B: 4 x 4 cells, a row `row` apart -> 16 cells `next` apart
inline void transform_input(const Lanes* d, int row, Lanes* v, int next) {
  Lanes half[4][4];
#pragma GCC unroll 4
  for (int x = 0; x < 4; ++x)
    times_BT(d[x], d[row + x], d[2 * row + x], d[3 * row + x], &half[0][x],
             4);
#pragma GCC unroll 4
  for (int y = 0; y < 4; ++y)
    times_BT(half[y][0], half[y][1], half[y][2], half[y][3],
             v + 4 * y * next, next);
}

// Y = A^T m A + bias: 16 cells `next` apart -> 2 x 2 outputs
inline void transform_output(const Lanes* m, int next, const Lanes& bias,
                             Lanes* y, int row) {
  Lanes half[2][4];
#pragma GCC unroll 4
  for (int x = 0; x < 4; ++x)
    times_AT(m[x * next], m[(4 + x) * next], m[(8 + x) * next],
             m[(12 + x) * next], &half[0][x], 4);
#pragma GCC unroll 2
  for (int r = 0; r < 2; ++r, y += row) {
    times_AT(half[r][0], half[r][1], half[r][2], half[r][3], y, 1);
    y[0] += bias, y[1] += bias;
  }
}

// Some tiles of a row of them, from column x on.
struct RowOfTiles {
  int y, x, count;
};

// input (C, ...) -> V (16, C, count)
inline void transform_inputs(int C, const View& input, const RowOfTiles& at,
                             Lanes* V) {
  for (int c = 0; c < C; ++c)
    for (int t = 0; t < at.count; ++t)
      transform_input(&input(c, 2 * at.y, 2 * (at.x + t)), input.row,
                      V + c * at.count + t, C * at.count);
}

// Sixteen convolutions of 1 x 1, whose inputs stay in the first cache: the
// sums of (7.5).
// V (16, C, count), C cells for C_in channels -> M (16, C_out, count)
template <class Weight, class Input>
void sum_products(const Tiling<Weight, Input>& my, int C, int count,
                  const Lanes* V, Lanes* M) {
  const int C_in = my.it.C_in, C_out = my.it.C_out;
  const Window window{C_in, C_out, 1, 1, 1, count};
  for (int p = 0; p < 16; ++p)
    for (int co = 0, step = 0; co < C_out; co += step) {
      step = channels_at_once(C_out - co, false);
      const auto* in = reinterpret_cast<const Input*>(V + p * C * count);
      const Weight* weight = my.weight + C_in * (15 * co + p * step);
      const Tiling<Weight, Input> one{
          window, in, count * my.column, 0, my.column, weight, nullptr};
      tiled_rows(step, one, co, 0, M + (p * C_out + co) * count, count);
    }
}

// M (16, C_out, count) -> finished outputs; Y: room for 4 `count` cells
template <class Weight>
void transform_outputs(int C_out, const Weight* bias, const Lanes* M,
                       const RowOfTiles& at, Lanes* Y, Finish last,
                       const Map& output, const Map& winners) {
  const int per_tile = 2 / last.window;  // outputs, each way
  const int top = at.y * per_tile, left = at.x * per_tile;
  const int rows = within(last.H_out - top, per_tile);
  last.W_out = within(last.W_out - left, at.count * per_tile);
  const Map tiles{reinterpret_cast<float*>(Y), 4 * at.count, 2 * at.count,
                  1};
  for (int co = 0; co < C_out; ++co) {
    for (int t = 0; t < at.count; ++t)
      transform_output(M + co * at.count + t, C_out * at.count,
                       bias ? Lanes{} + bias[co] : Lanes{}, Y + 2 * t,
                       2 * at.count);
    for (int r = 0; r < rows; ++r) {
      finish_row(1, View(tiles.from(r, 0, L)), last,
                 part_of(output, co, top + r, left),
                 part_of(winners, co, top + r, left));
      look_at_row(last, C_out, View(output), co, top + r, left, last.W_out);
    }
  }
}

// The whole layer. The last tiles of an odd row reach beyond it; nothing
// that is kept hangs on that.
// input: C cells for the C_in channels
template <class Weight, class Input>
void convolve_winograd(const Tiling<Weight, Input>& my, int C,
                       const View& input, const Finish& last, Map output,
                       Map winners, float* memory) {
  const int H = (last.H_out * last.window + 1) / 2;  // in tiles
  const int W = (last.W_out * last.window + 1) / 2;
  const int parts = (W - 1) / tiles_at_once(C, my.it.C_out) + 1;
  for (int part = 0; part < H * parts; ++part) {
    const int x = part % parts * W / parts;
    const RowOfTiles at{part / parts, x,
                        (part % parts + 1) * W / parts - x};
    auto* const V = reinterpret_cast<Lanes*>(memory);
    Lanes* const M = V + 16 * C * at.count;
    Lanes* const Y = M + 16 * my.it.C_out * at.count;
    transform_inputs(C, input, at, V);
    sum_products(my, C, at.count, V, M);
    transform_outputs(my.it.C_out, my.bias, M, at, Y, last, output,
                      winners);
  }
}

// ---- Gradients of the kernels ------------------------------------------

// Row p of B^T: cells[first] + factor cells[second].
struct PairOfCells {
  int first, second;
  float factor;
};
inline constexpr PairOfCells rows_of_B[4] = {
    {0, 2, -1}, {1, 2, 1}, {2, 1, -1}, {1, 3, -1}};
// Row p of A, for the two cells of a gradient.
inline constexpr float rows_of_A[4][2] = {{1, 0}, {1, 1}, {1, -1}, {0, -1}};

// Row p of the 4 x 4 of every tile in H rows of W tiles of C channels.
// d: 2 cells from tile to tile -> (4, C, H W)
inline void transform_inputs_row(int p, int C, int H, int W, const View& d,
                                 Lanes* v) {
  const auto [first, second, factor] = rows_of_B[p];
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < 2 * H; y += 2) {
      const Lanes *a = &d(c, y + first, 0), *b = &d(c, y + second, 0);
      for (int x = 0; x < 2 * W; x += 2, ++v) {
        Lanes half[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) half[i] = a[x + i] + factor * b[x + i];
        times_BT(half[0], half[1], half[2], half[3], v, C * H * W);
      }
    }
}
inline void transform_gradients_row(int p, int C, int H, int W,
                                    const View& d, Lanes* g) {
  const auto [first, second] = rows_of_A[p];
  const int next = C * H * W;
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < 2 * H; y += 2) {
      const Lanes *a = &d(c, y, 0), *b = &d(c, y + 1, 0);
      for (int x = 0; x < 2 * W; x += 2, ++g) {
        const Lanes left = first * a[x] + second * b[x];
        const Lanes right = first * a[x + 1] + second * b[x + 1];
        g[0] = left;
        g[next] = left + right;
        g[2 * next] = left - right;
        g[3 * next] = -right;
      }
    }
}

// Adds to (TO, TI) sums, `next_co` and `next_ci` apart, the products of TO
// channels of the gradient with TI of the input in T tiles.
template <int TO, int TI>
void add_products(int T, const Lanes* g, const Lanes* v, Lanes* sums,
                  int next_co, int next_ci) {
  Lanes sum[TO][TI];
#pragma GCC unroll 16
  for (int o = 0; o < TO; ++o)
#pragma GCC unroll 16
    for (int i = 0; i < TI; ++i)
      sum[o][i] = sums[o * next_co + i * next_ci];
  for (int t = 0; t < T; ++t) {
    Lanes in[TI];
#pragma GCC unroll 16
    for (int i = 0; i < TI; ++i) in[i] = v[i * T + t];
#pragma GCC unroll 16
    for (int o = 0; o < TO; ++o)
#pragma GCC unroll 16
      for (int i = 0; i < TI; ++i) sum[o][i] += g[o * T + t] * in[i];
  }
#pragma GCC unroll 16
  for (int o = 0; o < TO; ++o)
#pragma GCC unroll 16
    for (int i = 0; i < TI; ++i)
      sums[o * next_co + i * next_ci] = sum[o][i];
}
inline void add_products(const Window& it, int T, const Lanes* g,
                         const Lanes* v, Lanes* sums, int groups) {
  constexpr int TO = 4, TI = registers / 8;
  for (int co = 0, high = 0; co < it.C_out; co += high) {
    high = it.C_out - co >= TO ? TO : 1;
    for (int ci = 0, wide = 0; ci < it.C_in; ci += wide) {
      wide = it.C_in - ci >= TI ? TI : 1;
      const auto add = high == TO   ? wide == TI ? add_products<TO, TI>
                                                 : add_products<TO, 1>
                         : wide == TI ? add_products<1, TI>
                                    : add_products<1, 1>;
      add(T, g + co * T, v + ci * T, sums + (co * it.C_in + ci) * groups,
          it.C_in * groups, groups);
    }
  }
}

// What row p of the 4 x 4 adds to G^T (...) G.
// sums (4, C_out, C_in, 16 / L) -> kernels of 3 x 3
inline void add_row_of_kernels(int p, int kernels, const Lanes* sums,
                               bool add, float* to) {
  constexpr float rows_of_G[4][3] = {
      {1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};
  constexpr int groups = block_images / L;
  for (int k = 0; k < kernels; ++k) {
    float m[4];
    for (int q = 0; q < 4; ++q)
      m[q] = sum_of_slots(reinterpret_cast<const float*>(
          sums + (q * kernels + k) * groups));
    const float half = (m[1] + m[2]) / 2;
    const float row[] = {m[0] + half, (m[1] - m[2]) / 2, half + m[3]};
    for (const float g : rows_of_G[p])
      for (const float one : row)
        *to = (add || p > 0 ? *to : 0.0f) + g * one, ++to;
  }
}

// dL/dg = G^T (sum of (A dL/dY A^T) times V) G, summed over all tiles of a
// block's images, row by row of the 4 x 4.
inline void winograd_parameters(const Window& it, const Map* grads,
                                const Map* inputs, bool add, float* scratch,
                                float* grad_weight) {
  constexpr int groups = block_images / L;
  const int H = (it.H_out + 1) / 2, W = (it.W_out + 1) / 2;
  const int rows = within(W < 16 ? 16 / W : 1, H);
  const int kernels = it.C_out * it.C_in;
  auto* const V = reinterpret_cast<Lanes*>(scratch);
  Lanes* const G = V + 4 * it.C_in * rows * W;
  Lanes* const sums = G + 4 * it.C_out * rows * W;
  for (int p = 0; p < 4; ++p) {
    for (int k = 0; k < 4 * kernels * groups; ++k) sums[k] = Lanes{};
    for (int group = 0; group < groups; ++group)
      for (int y = 0, some = 0; y < H; y += some) {
        some = within(rows, H - y);
        const int T = some * W;
        transform_inputs_row(p, it.C_in, some, W,
                             View(inputs[group].from(2 * y, 0, L)), V);
        transform_gradients_row(p, it.C_out, some, W,
                                View(grads[group].from(2 * y, 0, L)), G);
        for (int q = 0; q < 4; ++q)
          add_products(it, T, G + q * it.C_out * T, V + q * it.C_in * T,
                       sums + q * kernels * groups + group, groups);
      }
    add_row_of_kernels(p, kernels, sums, add, grad_weight);
  }
}

}  // namespace cnn::CNN_ISA
