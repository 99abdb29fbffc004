// One image per SIMD lane: chapter 02's loops with L images for every
// number. Only kernels.cpp includes this file, once for each instruction
// set; everything here stands in a namespace of that name.
// Book: book/07-speed.md
#pragma once

#include "07-speed/kernels.hpp"

namespace cnn::CNN_ISA {

// L floats that the CPU handles with one instruction, and the tile: how
// many output channels and columns are summed at once: enough that they
// need not wait for each other (7.1), and few enough for its registers. (On
// ARM the weights of a column need registers, too.)
#if defined(__AVX512F__)
constexpr int L = 16, registers = 32, tile_channels = 4, tile_columns = 7;
#elif defined(__AVX__)
constexpr int L = 8, registers = 16, tile_channels = 4, tile_columns = 2;
#elif defined(__aarch64__)
constexpr int L = 4, registers = 32, tile_channels = 4, tile_columns = 6;
#else
constexpr int L = 4, registers = 16, tile_channels = 4, tile_columns = 2;
#endif
using Lanes [[gnu::vector_size(L * sizeof(float))]] = float;

// A map (C, H, W) whose cells are Lanes: cell(c, y, x).
struct View {
  Lanes* cells;
  int plane, row, column;

  explicit View(const Map& map)
      : cells(reinterpret_cast<Lanes*>(map.cells)),
        plane(map.plane),
        row(map.row),
        column(map.column) {}
  Lanes& operator()(int c, int y, int x) const {
    return cells[static_cast<std::ptrdiff_t>(c) * plane + y * row +
                 x * column];
  }
};

// The plain seven loops of convolve(), for L images at once: every weight
// meets L pixels. (Two of the seven are gone: the image n is in the lanes,
// and the caller walks over co.)
// input (C_in, ...)  weight (C_in, K, K) of one co -> one row of outputs
inline void plain_row(const Window& it, const View& input,
                      const Weights& weight, const float* bias, int co,
                      int y, Lanes* output) {
  for (int x = 0; x < it.W_out; ++x) {
    Lanes sum = Lanes{} + (bias ? bias[co] : 0.0f);
    for (int ci = 0; ci < it.C_in; ++ci)
      for (int ky = 0; ky < it.K; ++ky)
        for (int kx = 0; kx < it.K; ++kx)
          sum += weight.first[co * weight.to_co + ci * weight.to_ci +
                              (ky * it.K + kx) * weight.to_tap] *
                 input(ci, y * it.stride + ky, x * it.stride + kx);
    output[x] = sum;  // (2.3)
  }
}

// All taps, those of one row of the window after the other. distance(ci,
// ky, kx): of an input from the window's first.
template <class Distance>
void list_taps(const Window& it, const Weights& weight, Tap* taps,
               const Distance& distance) {
  for (int ky = 0; ky < it.K; ++ky)
    for (int ci = 0; ci < it.C_in; ++ci)
      for (int kx = 0; kx < it.K; ++kx)
        *taps++ = {distance(ci, ky, kx),
                   ci * weight.to_ci + (ky * it.K + kx) * weight.to_tap};
}

inline int within(int number, int most) {
  return number < 0 ? 0 : number > most ? most : number;
}

// What the tiles of one layer share. Either an input is L images and a
// weight is one number, or an input is one number and a weight is the
// Lanes of L output channels.
template <class Weight, class Input>
struct Tiling {
  const Window& it;
  const Input* input;
  int next_row, next_column;  // in the input, from output to output
  const Weight* weight;
  int next_co;
  const Weight* bias;
  const Tap* taps;
};

// A tile of the output, TC channels from co and TX columns from x, is kept
// in registers while all taps pass by. Each number that is read is used TC
// or TX times. `volatile` makes the compiler read an input once, into a
// register: reading is what is scarce here. Step is the distance from
// column to column, 0 any.
// (2.3) with TC x TX sums at a time; rows of zeros are passed over
template <int TC, int TX, int Step, class Weight, class Input>
void tile(const Tiling<Weight, Input>& my, int co, int y, int x,
          Lanes* output, int next_channel) {
  const int step = Step == 0 ? my.next_column : Step;
  const Input* input = my.input + y * my.next_row + x * step;
  const Weight* weight = my.weight + co * my.next_co;
  const long next_co = my.next_co;
  Lanes sum[TC][TX];
#pragma GCC unroll 16
  for (int c = 0; c < TC; ++c)
#pragma GCC unroll 16
    for (int j = 0; j < TX; ++j)
      sum[c][j] = my.bias ? Lanes{} + my.bias[co + c] : Lanes{};
  const int per_row = my.it.C_in * my.it.K, top = y * my.it.stride;
  const Tap* end = my.taps + per_row * within(my.it.bottom - top, my.it.K);
  const Tap* tap = my.taps + per_row * within(my.it.top - top, my.it.K);
  for (; tap < end; ++tap) {
    const Weight* w = weight + tap->weight;
    const volatile Input* cell = input + tap->input;
#pragma GCC unroll 16
    for (int j = 0; j < TX; ++j) {
      const Input in = cell[j * step];
#pragma GCC unroll 16
      for (int c = 0; c < TC; ++c) sum[c][j] += w[c * next_co] * in;
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < TC; ++c)
#pragma GCC unroll 16
    for (int j = 0; j < TX; ++j) output[c * next_channel + j] = sum[c][j];
}

// Calls tile() with the number of columns, which must be known when it is
// compiled: registers have names, not indices.
template <int TC, int TX, class Weight, class Input>
void tile_of(int columns, const Tiling<Weight, Input>& my, int co, int y,
             int x, Lanes* output, int next_channel) {
  constexpr int dense = sizeof(Input) == sizeof(Lanes) ? 1 : L;
  if (columns == TX && my.next_column == dense)
    tile<TC, TX, dense>(my, co, y, x, output, next_channel);
  else if (columns == TX)
    tile<TC, TX, 0>(my, co, y, x, output, next_channel);
  else if constexpr (TX > 1)
    tile_of<TC, TX - 1>(columns, my, co, y, x, output, next_channel);
}

// One row of TC output channels, cut into tiles of nearly equal width.
template <int TC, int TX, class Weight, class Input>
void tiled_row(const Tiling<Weight, Input>& my, int co, int y,
               Lanes* output, int next_channel) {
  const int W = my.it.W_out, tiles = (W + TX - 1) / TX;
  for (int t = 0, x = 0, columns = 0; t < tiles; ++t, x += columns) {
    columns = (W - x) / (tiles - t);
    tile_of<TC, TX>(columns, my, co, y, x, output + x, next_channel);
  }
}

// The best or the mean of each window of one row of cells, after ReLU.
// input: C channels whose row 0 is the window's first; where there is a
// border, `top` of its rows lie in it, and its cells never win
template <int Width, bool Border = false>
void finish_row(int C, const View& input, const Finish& it,
                const View& output, const View& winners, int top = 0) {
  const int window = Width == 0 ? it.window : Width;
  for (int c = 0; c < C; ++c)
    for (int x = 0; x < it.W_out; ++x) {
      Lanes best = input(c, 0, x * it.stride), winner{};
      if constexpr (Border) {
        const int left = within(it.border - x * it.stride, window - 1);
        winner += static_cast<float>(top * window + left);
      }
      for (int k = 1; k < window * window; ++k) {
        const Lanes cell = input(c, k / window, x * it.stride + k % window);
        if (it.average) {
          best += cell;
        } else {  // takes_the_lead(), lane by lane
          const auto leads = (cell > best) | (cell != cell);
          best = leads ? cell : best;
          winner = leads ? Lanes{} + static_cast<float>(k) : winner;
        }
      }
      if (it.average) best /= static_cast<float>(window * window);
      if (it.relu) {
        winner = best <= 0.0f ? Lanes{} - 1.0f : winner;
        best = best < 0.0f ? Lanes{} : best;  // (4.5)
      }
      if (it.add) best += output(c, 0, x);
      output(c, 0, x) = best;
      if (winners.cells) winners(c, 0, x) = winner;
    }
}

inline void finish_row(int C, const View& input, const Finish& it,
                       const View& output, const View& winners,
                       int top = 0) {
  if (it.border > 0)
    finish_row<0, true>(C, input, it, output, winners, top);
  else if (it.window == 1)
    finish_row<1>(C, input, it, output, winners);
  else if (it.window == 2)
    finish_row<2>(C, input, it, output, winners);
  else
    finish_row<0>(C, input, it, output, winners);
}

// The whole layer: some rows of some channels at a time, finished while
// they are still in the nearest cache.
template <class Row>
void convolve_with(const Window& it, const Finish& last, Map output,
                   Map winners, float* rows, bool narrow,
                   const Row& compute) {
  const Map scratch{rows, last.window * it.W_out, it.W_out, 1};
  // What needs no finish is computed where it belongs.
  const bool in_place = last.window == 1 && last.stride == 1 && !last.add;
  for (int y = 0; y < last.H_out; ++y)
    for (int co = 0, step = 0; co < it.C_out; co += step) {
      const int left = it.C_out - co;
      step = narrow && left >= 16    ? 16
             : left >= tile_channels ? tile_channels
             : left >= 2             ? 2
                                     : 1;
      const auto at = [&](Map map) {
        map = map.from(y, 0, L);
        if (map.cells)
          map.cells += static_cast<std::ptrdiff_t>(co) * map.plane * L;
        return View(map);
      };
      const View to = at(output), row = in_place ? to : View(scratch);
      for (int r = 0; r < last.window; ++r)
        compute(step, co, y * last.stride + r, &row(0, r, 0), row.plane);
      if (!in_place || last.relu)
        finish_row(step, row, last, to, at(winners));
    }
}

template <class Weight, class Input>
void convolve_tiled(const Tiling<Weight, Input>& my, const Finish& last,
                    Map output, Map winners, float* rows) {
  // A map of one column is summed in more channels at a time instead.
  const bool narrow = my.it.W_out == 1;
  convolve_with(
      my.it, last, output, winners, rows, narrow,
      [&](int step, int co, int y, Lanes* out, int next) {
        if (step == 16)
          tiled_row<16, 1>(my, co, y, out, next);
        else if (step == tile_channels)
          tiled_row<tile_channels, tile_columns>(my, co, y, out, next);
        else if (step == 2)
          tiled_row<2, 2 * tile_columns>(my, co, y, out, next);
        else
          tiled_row<1, registers == 32 ? 14 : 8>(my, co, y, out, next);
      });
}

// ---- Gradients of the parameters ---------------------------------------

// The sum of 16 slots, one per image of a block, halves first: the order
// is the same whether they came as 1, 2 or 4 Lanes.
inline float sum_of_slots(const float* slots) {
  using Eight [[gnu::vector_size(32)]] = float;
  using Four [[gnu::vector_size(16)]] = float;
  const auto* sixteen = reinterpret_cast<const Eight*>(slots);
  const Eight eight = sixteen[0] + sixteen[1];
  const auto* halves = reinterpret_cast<const Four*>(&eight);
  const Four four = halves[0] + halves[1];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// What the weight tiles of some output channels and one input channel
// share: maps of L images, and where the sums go, one Lanes for each of
// (co - first_co, ky, kx), next_sum apart.
struct WeightSums {
  const Window& it;
  const View grad, input;
  int ci, first_co;
  Lanes* sums;
  int next_sum;

  Lanes& sum(int co, int ky, int kx) const {
    return sums[(((co - first_co) * it.K + ky) * it.K + kx) * next_sum];
  }
};

// How the loss changes with TC x TY x TX weights: channels from co, taps
// from (ky, kx). The tile is of weights now, and it is the pixels that
// pass by.
// grad (C_out, ...), input (C_in, ...) -> sums  (4.9)
template <int TC, int TY, int TX, int Step>
void weight_tile(const WeightSums& my, int co, int ky, int kx) {
  const int stride = Step == 0 ? my.it.stride : Step;
  const long next_co = my.grad.plane, next_ky = my.input.row;
  Lanes sum[TC][TY][TX] = {};
  for (int y = 0; y < my.it.H_out; ++y) {
    const Lanes* g_row = &my.grad(co, y, 0);
    const Lanes* in_row = &my.input(my.ci, y * stride + ky, kx);
    for (int x = 0; x < my.it.W_out; ++x) {
      Lanes g[TC];
#pragma GCC unroll 16
      for (int c = 0; c < TC; ++c) g[c] = g_row[c * next_co + x * stride];
#pragma GCC unroll 16
      for (int j = 0; j < TY; ++j)
#pragma GCC unroll 16
        for (int i = 0; i < TX; ++i) {
          const Lanes in = in_row[j * next_ky + x * stride + i];
#pragma GCC unroll 16
          for (int c = 0; c < TC; ++c) sum[c][j][i] += g[c] * in;
        }
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < TC; ++c)
#pragma GCC unroll 16
    for (int j = 0; j < TY; ++j)
#pragma GCC unroll 16
      for (int i = 0; i < TX; ++i)
        my.sum(co + c, ky + j, kx + i) = sum[c][j][i];
}

template <int TC, int TY, int TX>
void weight_tile(const WeightSums& my, int co, int ky, int kx) {
  (my.it.stride == 1 ? weight_tile<TC, TY, TX, 1>
                     : weight_tile<TC, TY, TX, 0>)(my, co, ky, kx);
}

// All taps of TC channels of the output.
template <int TC>
void weight_tiles(const WeightSums& my, int co) {
  constexpr int half = TC == 1 ? 1 : TC / 2;
  const int K = my.it.K;
  if (K == 3 && registers == 32) {  // 2 x 3 x 3 sums fit 32 registers
    for (int c = 0; c < TC; c += half)
      weight_tile<half, 3, 3>(my, co + c, 0, 0);
    return;
  }
  for (int ky = 0; ky < K; ++ky)
    for (int kx = 0, step = 0; kx < K; kx += step) {
      step = K - kx >= 5 ? 5 : K - kx >= 3 ? 3 : 1;
      if (step == 5 && registers == 32)
        weight_tile<TC, 1, 5>(my, co, ky, kx);
      else if (step == 5)
        for (int c = 0; c < TC; c += half)
          weight_tile<half, 1, 5>(my, co + c, ky, kx);
      else if (step == 3)
        weight_tile<TC, 1, 3>(my, co, ky, kx);
      else
        weight_tile<TC, 1, 1>(my, co, ky, kx);
    }
}

}  // namespace cnn::CNN_ISA
