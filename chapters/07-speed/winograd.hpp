// Winograd's F(2 x 2, 3 x 3): a convolution with kernels of 3 x 3 and
// stride 1 becomes sixteen of 1 x 1. A tile (a patch, on the page) of 2 x 2
// outputs takes 16 products, where (2.3) takes 36. Included like lanes.hpp.
// Source: Lavin and Gray (2015), as in minimal_filter.hpp.
// Book: book/07-speed.md
#pragma once

#include "07-speed/tiles.hpp"
#include "07-speed/weight_tiles.hpp"

namespace cnn::CNN_ISA {

// How many tiles are transformed at once: their 16 C cells each, where C is
// the larger of C_in and C_out, should stay in the second cache.
inline int tiles_at_once(int C_in, int C_out) {
  const int C = C_in > C_out ? C_in : C_out;
  return within(winograd_cells / (16 * C * L), 10) + 4;
}

// `cells`, rounded up to an odd number of cache lines, so that maps which
// begin so far apart do not compete for the same places in a cache.
inline int odd_lines(int cells) {
  constexpr int line = 16 / L;
  return ((cells + line - 1) / line | 1) * line;
}

// B^T, A^T and G of (7.4), each times a few numbers; the results lie `next`
// cells apart. See (7.2) and (7.3).
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
inline void times_G(const Lanes& g0, const Lanes& g1, const Lanes& g2,
                    Lanes* to, int next) {
  to[0] = g0;
  to[next] = (g0 + g1 + g2) / 2;
  to[2 * next] = (g0 - g1 + g2) / 2;
  to[3 * next] = g2;
}

// U = G g G^T: L kernels of 3 x 3, one in each lane -> 4 x 4 cells
inline void transform_kernels(const Lanes* g, Lanes* u) {
  Lanes half[4][3];
#pragma GCC unroll 3
  for (int x = 0; x < 3; ++x)
    times_G(g[x], g[3 + x], g[6 + x], &half[0][x], 3);
#pragma GCC unroll 4
  for (int y = 0; y < 4; ++y)
    times_G(half[y][0], half[y][1], half[y][2], u + 4 * y, 1);
}

// V = B^T d B: 4 x 4 cells, rows `row` apart -> 16 cells `next` apart
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

// In row y of tiles, `count` tiles from tile x on.
struct RowOfTiles {
  int y, x, count;
};

// Prefetches two cells of a later channel, because a row of tiles is too
// short for the processor to see by itself where reading goes on.
inline void fetch_two(const Lanes* cells) {
  for (int k = 0; k < 2 * L; k += 16)
    __builtin_prefetch(reinterpret_cast<const float*>(cells) + k);
}

// input (C, ...) -> V (16, C, count), its 16 parts `next` cells apart
inline void transform_inputs(int C, const View& input, const RowOfTiles& at,
                             Lanes* V, int next) {
  for (int c = 0; c < C; ++c)
    for (int t = 0; t < at.count; ++t) {
      const Lanes* d = &input(c, 2 * at.y, 2 * (at.x + t));
      fetch_two(d + 2 * input.plane + 2 * input.row + 2);
      fetch_two(d + 2 * input.plane + 3 * input.row + 2);
      transform_input(d, input.row, V + c * at.count + t, next);
    }
}

// How far the weights, inputs and outputs of one 1 x 1 convolution lie from
// those of the next, in weights or cells.
struct Distances {
  int weights, input, output;
};

// How many of the four rows (or columns) of products tile `tile` needs. The
// last tile may have a single row of outputs, for which three are enough,
// or even one, if only its first row of inputs is not 0.
inline int useful(int tile, int outputs, int inputs) {
  return 2 * tile + 1 < outputs ? 4 : 2 * tile + 1 < inputs ? 3 : 1;
}

// Computes channels `first` to `end` - 1 of a 1 x 1 convolution with one
// row of outputs, `next` cells from channel to channel.
template <class Weight, class Input>
void sum_channels(const Tiling<Weight, Input>& my, int first, int end,
                  Lanes* output, int next) {
  for (int co = first, step = 0; co < end; co += step) {
    step = channels_at_once(my.it.C_out - co, false);
    tiled_rows<1>(step, my, co, 0, output, next);
    output += step * next;
  }
}

// The 16 convolutions of 1 x 1, with one row of outputs, whose inputs stay
// in the nearest cache. Of the 4 x 4, only the first `rows` rows and, in
// the last tile, the first `columns` columns are computed. The others,
// which are 0 or not used, are set to 0.
template <class Weight, class Input>
void sum_products(Tiling<Weight, Input> my, int rows, int columns,
                  Lanes* output, const Distances& next) {
  const int all = my.it.W_out;
  Window it = my.it;
  for (int p = 0; p < 16; ++p) {
    it.W_out = p / 4 < rows ? all - (p % 4 >= columns) : 0;
    sum_channels(Tiling<Weight, Input>{it, my.input, my.plane, 0, my.column,
                                       my.weight, nullptr},
                 0, it.C_out, output, all);
    for (int co = 0; co < it.C_out; ++co)
      for (int x = it.W_out; x < all; ++x) output[co * all + x] = Lanes{};
    my.weight += next.weights;
    my.input +=
        next.input * static_cast<int>(sizeof(Lanes) / sizeof(Input));
    output += next.output;
  }
}

// M (16, C_out, count), its 16 parts `next` cells apart -> finished
// outputs. Y: scratch memory for 4 `count` cells
template <class Weight>
void transform_outputs(int C_out, const Weight* bias, const Lanes* M,
                       int next, const RowOfTiles& at, Lanes* Y,
                       Finish last, const Map& output, const Map& winners) {
  const int per_tile = 2 / last.window;  // outputs along each axis
  const int top = at.y * per_tile, left = at.x * per_tile;
  const int rows = within(last.H_out - top, per_tile);
  last.W_out = within(last.W_out - left, at.count * per_tile);
  const Map tiles{reinterpret_cast<float*>(Y), 4 * at.count, 2 * at.count,
                  1};
  for (int co = 0; co < C_out; ++co) {
    for (int t = 0; t < at.count; ++t)
      transform_output(M + co * at.count + t, next,
                       bias ? Lanes{} + bias[co] : Lanes{}, Y + 2 * t,
                       2 * at.count);
    for (int r = 0; r < rows; ++r) {
      finish_row(1, View(tiles.from(r, 0, L)), last,
                 part_of(output, co, top + r, left),
                 part_of(winners, co, top + r, left));
    }
  }
}

// Takes the sums of the rows that a whole row of tiles has become. Sums of
// its parts would depend on L in their last bits, as the parts' lengths do.
inline void look_at_rows(int C_out, int tile, const Finish& last,
                         const Map& output) {
  if (!last.sums) return;
  const int per_tile = 2 / last.window, top = tile * per_tile;
  const int end = top + within(last.H_out - top, per_tile);
  for (int co = 0; co < C_out; ++co)
    for (int y = top; y < end; ++y)
      look_at_row(C_out, last.W_out, View(output), co, y, last.sums);
}

// Computes a layer. If its rows or columns are odd in number, the last
// tiles reach beyond them, which changes nothing that is kept.
// input: C cells for the C_in channels
template <class Weight, class Input>
void convolve_winograd(const Tiling<Weight, Input>& my, int C,
                       const View& input, const Finish& last, Map output,
                       Map winners, float* memory) {
  const int H_out = last.H_out * last.window;
  const int W_out = last.W_out * last.window;
  const int H = (H_out + 1) / 2, W = (W_out + 1) / 2;  // in tiles
  const int C_out = my.it.C_out;
  const int parts = (W - 1) / tiles_at_once(C, C_out) + 1;
  for (int part = 0; part < H * parts; ++part) {
    const int x = part % parts * W / parts;
    const RowOfTiles at{part / parts, x,
                        (part % parts + 1) * W / parts - x};
    const Window products{my.it.C_in, C_out, 1, 1, 1, at.count};
    const Distances next{my.it.C_in * C_out, odd_lines(C * at.count),
                         odd_lines(C_out * at.count)};
    auto* const V = reinterpret_cast<Lanes*>(memory);
    Lanes* const M = V + 16 * next.input;
    Lanes* const Y = M + 16 * next.output;
    transform_inputs(C, input, at, V, next.input);
    // V (16, C, count) -> M (16, C_out, count): the sums of (7.5)
    const bool ends = at.x + at.count == W;
    sum_products<Weight, Input>(
        {products, reinterpret_cast<const Input*>(V), at.count * my.column,
         0, my.column, my.weight, nullptr},
        useful(at.y, H_out, my.it.bottom),
        ends ? useful(W - 1, W_out, my.it.right) : 4, M, next);
    transform_outputs(C_out, my.bias, M, next.output, at, Y, last, output,
                      winners);
    if (ends) look_at_rows(C_out, at.y, last, output);
  }
}

// ---- Gradients of the kernels ------------------------------------------

// Row p of B^T: cells[first] + factor * cells[second].
struct PairOfCells {
  int first, second;
  float factor;
};
inline constexpr PairOfCells rows_of_B[4] = {
    {0, 2, -1}, {1, 2, 1}, {2, 1, -1}, {1, 3, -1}};
// Row p of A: the factors of the two cells of a gradient.
inline constexpr float rows_of_A[4][2] = {{1, 0}, {1, 1}, {1, -1}, {0, -1}};

// Row p of V for every tile of C channels, in H rows of W tiles.
// d: tiles begin 2 cells apart -> 4 x (H W, odd_lines(C)), `next` apart
inline void transform_inputs_row(int p, int C, int H, int W, const View& d,
                                 Lanes* v, int next) {
  const auto [first, second, factor] = rows_of_B[p];
  const int plane = odd_lines(C);
  for (int c = 0; c < C; ++c) {
    Lanes* to = v + c;
    for (int y = 0; y < 2 * H; y += 2) {
      const Lanes *a = &d(c, y + first, 0), *b = &d(c, y + second, 0);
      for (int x = 0; x < 2 * W; x += 2, to += plane) {
        Lanes half[4];
        fetch_two(a + d.plane + x);
        fetch_two(b + d.plane + x);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) half[i] = a[x + i] + factor * b[x + i];
        times_BT(half[0], half[1], half[2], half[3], to, next);
      }
    }
  }
}
// Row p of A dL/dY A^T, in the order of pack() -> (4, C / TC, H W, TC)
inline void transform_gradients_row(int p, int C, int H, int W,
                                    const View& d, Lanes* g, int next) {
  const auto [first, second] = rows_of_A[p];
  for (int c = 0, co = 0, step = 0; c < C; ++c) {
    if (c == co + step) co = c, step = channels_at_once(C - co, false);
    Lanes* to = g + co * H * W + (c - co);
    for (int y = 0; y < 2 * H; y += 2) {
      const Lanes *a = &d(c, y, 0), *b = &d(c, y + 1, 0);
      for (int x = 0; x < 2 * W; x += 2, to += step) {
        fetch_two(a + d.plane + x);
        fetch_two(b + d.plane + x);
        const Lanes left = first * a[x] + second * b[x];
        const Lanes right = first * a[x + 1] + second * b[x + 1];
        to[0] = left;
        to[next] = left + right;
        to[2 * next] = left - right;
        to[3 * next] = -right;
      }
    }
  }
}

// row (3, L kernels) -> (L kernels, 3, 3), each row three times. Returns
// the V-th, from 0, of the 9 Lanes that this fills.
template <int V>
[[gnu::always_inline]] inline Lanes in_rows_of_kernels(
    const Lanes (&row)[3]) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    const Lanes two = __builtin_shufflevector(
        row[0], row[1],
        ((V * L + I) % 3 == 1 ? L : 0) + (V * L + I) / 9 ...);
    return __builtin_shufflevector(
        two, row[2], (V * L + I) % 3 == 2 ? L + (V * L + I) / 9 : I...);
  }
  (std::make_integer_sequence<int, L>{});
}

// Adds what row p contributes to G^T (...) G, for L kernels at a time.
// Without `add`, row 0 overwrites.
// sums (16 / L, 4, kernels), `next` cells apart, with L more after them
// that may be read -> to (kernels, 3, 3)
inline void add_row_of_kernels(int p, int kernels, const Lanes* sums,
                               int next, bool add, float* to) {
  constexpr float rows_of_G[4][3] = {
      {1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};
  alignas(64) float factors[9 * L], part[9 * L];
  for (int i = 0; i < 9 * L; ++i) factors[i] = rows_of_G[p][i % 9 / 3];
  const bool old = add || p > 0;
  for (int left = kernels; left > 0; left -= L, sums += L, to += 9 * L) {
    Lanes m[4], row[3];
    for (int q = 0; q < 4; ++q)
      m[q] = sums_of_slots<L>(sums + q * next, 4 * next);
    const Lanes half = (m[1] + m[2]) / 2;
    row[0] = m[0] + half, row[1] = (m[1] - m[2]) / 2, row[2] = half + m[3];
    const int some = within(left, L);
    float* const here = some == L ? to : part;
    for (int i = 0; i < 9 * some && here == part; ++i) part[i] = to[i];
    [&]<int... V>(std::integer_sequence<int, V...>) {
      const auto add_lanes = [&](int v, const Lanes& more) {
        Lanes sum{};
        if (old) __builtin_memcpy(&sum, here + v * L, sizeof(sum));
        sum += reinterpret_cast<const Lanes*>(factors)[v] * more;
        __builtin_memcpy(here + v * L, &sum, sizeof(sum));
      };
      (add_lanes(V, in_rows_of_kernels<V>(row)), ...);
    }
    (std::make_integer_sequence<int, 9>{});
    for (int i = 0; i < 9 * some && here == part; ++i) to[i] = part[i];
  }
}

// dL/dg = G^T (sum of (A dL/dY A^T) times V) G, summed over all tiles of
// all images of a block, one row of the 4 x 4 after the other.
inline void winograd_parameters(const Window& it, const Map* grads,
                                const Map* inputs, bool add, float* scratch,
                                float* grad_weight) {
  constexpr int groups = block_images / L;
  const int all = (it.H_out + 1) / 2, W = (it.W_out + 1) / 2;
  const int rows = within(W < 32 ? 32 / W : 1, all);
  const int plane = odd_lines(it.C_in);
  // If the rows of tiles come in parts, the sums of all channels wait for
  // the later parts. If not, those of a few channels fit the second cache.
  const bool in_parts = rows < all;
  const int channels =
      in_parts ? it.C_out : within(it.C_out, tile_channels);
  const int kernels = channels * it.C_in;
  const Distances next{odd_lines(it.C_out * rows * W),
                       odd_lines(plane * rows * W), odd_lines(kernels)};
  // How many groups of L images have their tiles in scratch at once.
  const int at_once = in_parts ? 1 : groups;
  auto* const V = reinterpret_cast<Lanes*>(scratch);
  Lanes* const G = V + 4 * at_once * next.input;
  Lanes* const sums = G + 4 * at_once * next.weights;
  for (int p = 0; p < 4; ++p) {
    // Row 3 of A leaves nothing of a last tile with one row of gradients.
    const int H = p < 3 ? all : it.H_out / 2;
    for (int y = 0; y < H; y += rows) {
      const int some = within(rows, H - y);
      for (int group = 0; group < groups; group += at_once) {
        for (int i = 0; i < at_once; ++i) {
          transform_inputs_row(p, it.C_in, some, W,
                               View(inputs[group + i].from(2 * y, 0, L)),
                               V + 4 * i * next.input, next.input);
          transform_gradients_row(p, it.C_out, some, W,
                                  View(grads[group + i].from(2 * y, 0, L)),
                                  G + 4 * i * next.weights, next.weights);
        }
        // Here the sums run over tiles, not over channels.
        const Window products{some * W, it.C_out, 1, 1, 1, it.C_in};
        for (int first = 0; first < it.C_out; first += channels) {
          const int end = within(first + channels, it.C_out);
          for (int i = 0; i < 4 * at_once; ++i)
            sum_channels(
                Tiling<Lanes, Lanes>{products, V + i * next.input, plane, 0,
                                     1, G + i * next.weights, nullptr,
                                     y > 0},
                first, end, sums + (4 * group + i) * next.output, it.C_in);
          if (y + some == H && group + at_once == groups)
            add_row_of_kernels(p, (end - first) * it.C_in, sums,
                               next.output, add,
                               grad_weight + 9 * first * it.C_in);
        }
      }
    }
  }
}

}  // namespace cnn::CNN_ISA
