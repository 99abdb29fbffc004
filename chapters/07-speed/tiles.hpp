// Tiles of sums that stay in registers, and layers computed in such tiles:
// convolution, ReLU and pool in one go. Included like lanes.hpp.
// Book: book/07-speed.md
#pragma once

#include "07-speed/channels.hpp"
#include "07-speed/lanes.hpp"

namespace cnn::CNN_ISA {

// `number`, but not below 0 and not above `most`.
inline int within(int number, int most) {
  return number < 0 ? 0 : number > most ? most : number;
}

// How many output channels a tile takes when `left` remain. `narrow` maps,
// which have one column, allow more.
inline int channels_at_once(int left, bool narrow) {
  return narrow && left >= 16    ? 16
         : left >= tile_channels ? tile_channels
         : left >= 2             ? 2
                                 : 1;
}

// What the tiles of one layer share. Either an Input is L images and a
// Weight is one number, or an Input is one number of L channels and a
// Weight is the Lanes of L output channels.
template <class Weight, class Input>
struct Tiling {
  const Window& it;
  const Input* input;
  int plane, row, column;  // distances, in Inputs
  const Weight* weight;    // in the order of pack()
  const Weight* bias;
  bool add = false;  // without a bias: add to the output
};

// How often the loop over the columns of a kernel is unrolled: not at all
// in a web page, where the size of the code counts as well.
#ifdef __wasm__
constexpr int unrolled = 1;
#else
constexpr int unrolled = 5;
#endif

// sum[c][j] += weight c times input j, for weights next_w and inputs
// next_in apart. The fewer of the two stay in registers while the others
// pass by: 4 x 3 sums need 12 + 3 + 1 of them. If there are only 16, an
// image alone keeps its inputs where they fit, because the next column of
// the kernel meets most of them again: 2 x 5 sums need 10 + 5 + 1.
template <int TC, int TX, class Weight, class Input>
[[gnu::always_inline]] inline void add_to_tile(const Weight* w, int next_w,
                                               const Input* in, int next_in,
                                               Lanes (&sum)[TC][TX]) {
  constexpr bool alone = sizeof(Input) < sizeof(Weight);
  if constexpr (TC > TX ||
                (alone && registers == 16 && TC * TX + TX + 1 <= 16)) {
    Input input[TX];
#pragma GCC unroll 16
    for (int j = 0; j < TX; ++j) input[j] = in[j * next_in];
#pragma GCC unroll 16
    for (int c = 0; c < TC; ++c) {
      const Weight weight = w[c * next_w];
#pragma GCC unroll 16
      for (int j = 0; j < TX; ++j) sum[c][j] += weight * input[j];
    }
  } else {
#pragma GCC unroll 16
    for (int j = 0; j < TX; ++j) {
      const Input input = in[j * next_in];
#pragma GCC unroll 16
      for (int c = 0; c < TC; ++c) sum[c][j] += w[c * next_w] * input;
    }
  }
}

// Computes TC channels from co on and TX columns of the output. The sums
// stay in registers while all products pass by, and each number read is
// used TC or TX times. FixedK is K, and Step the distance from column to
// column of the input, or 0 if known only at run time. `rows` rows of the
// kernel, from w on, meet those of the input, from `cells` on: (2.3).
template <int TC, int TX, int FixedK, int Step, class Weight, class Input>
void tile(const Tiling<Weight, Input>& my, int co, int rows,
          const Weight* w, const Input* cells, Lanes* output,
          int next_channel) {
  constexpr int together = sizeof(Lanes) / sizeof(Input);  // channels
  const int K = FixedK == 0 ? my.it.K : FixedK, C_in = my.it.C_in;
  const int step = Step == 0 ? my.it.stride * my.column : Step;
  Lanes sum[TC][TX];
#pragma GCC unroll 16
  for (int c = 0; c < TC; ++c)
#pragma GCC unroll 16
    for (int j = 0; j < TX; ++j)
      sum[c][j] = my.bias  ? Lanes{} + my.bias[co + c]
                  : my.add ? output[c * next_channel + j]
                           : Lanes{};
  for (int ky = 0; ky < rows; ++ky, cells += my.row)
    for (int c_in = 0; c_in < C_in; ++c_in) {
      const Input* cell =
          cells + c_in / together * my.plane + c_in % together;
#pragma GCC unroll unrolled
      for (int kx = 0; kx < K; ++kx, w += TC)
        add_to_tile(w, 1, cell + kx * together, step, sum);
    }
#pragma GCC unroll 16
  for (int c = 0; c < TC; ++c)
#pragma GCC unroll 16
    for (int j = 0; j < TX; ++j) output[c * next_channel + j] = sum[c][j];
}

// Calls tile() for `columns` columns. Registers have names, not indices, so
// the number must become a constant.
template <int TC, int TX, int K, class Weight, class Input>
void tile_of(int columns, const Tiling<Weight, Input>& my, int co, int rows,
             const Weight* w, const Input* cells, Lanes* output,
             int next_channel) {
  constexpr int step = K == 0 ? 0 : sizeof(Lanes) / sizeof(Input);
  if (columns == TX)
    tile<TC, TX, K, step>(my, co, rows, w, cells, output, next_channel);
  else if constexpr (TX > 1)
    tile_of<TC, TX - 1, K>(columns, my, co, rows, w, cells, output,
                           next_channel);
}

// Computes row y of TC output channels, in tiles of nearly equal width.
// Skips kernel rows that meet only zeros.
template <int TC, int TX, int FixedK, class Weight, class Input>
void tiled_row(const Tiling<Weight, Input>& my, int co, int y,
               Lanes* output, int next_channel) {
  const int K = FixedK == 0 ? my.it.K : FixedK;
  const int top = y * my.it.stride, step = my.it.stride * my.column;
  const int first = within(my.it.top - top, K);
  const int rows = within(my.it.bottom - top, K) - first;
  const Weight* w = my.weight + my.it.C_in * K * (co * K + first * TC);
  const Input* cells = my.input + (top + first) * my.row;
  const int W = my.it.W_out, tiles = (W + TX - 1) / TX;
  for (int t = 0, x = 0, columns = 0; t < tiles; ++t, x += columns) {
    columns = (W - x) / (tiles - t);
    tile_of<TC, TX, FixedK>(columns, my, co, rows, w, cells + x * step,
                            output + x, next_channel);
  }
}

// Computes row y of as many output channels as channels_at_once() says.
template <int K, class Weight, class Input>
void tiled_rows(int channels, const Tiling<Weight, Input>& my, int co,
                int y, Lanes* output, int next_channel) {
  const auto row =
      channels == 16 ? tiled_row<16, 1, K, Weight, Input>
      : channels == tile_channels
          ? tiled_row<tile_channels, tile_columns, K, Weight, Input>
      : channels == 2 ? tiled_row<2, 2 * tile_columns, K, Weight, Input>
                      : tiled_row<1, row_columns, K, Weight, Input>;
  row(my, co, y, output, next_channel);
}

// The largest or the mean of each window of one row of windows, then ReLU.
// input: C channels from the windows' first row on; `top` of the windows'
// rows lie in the border, whose cells never win
template <int Width, bool Border = false>
void finish_row(int C, const View& input, const Finish& it,
                const View& output, const View& winners, int top = 0) {
  const int window = Width == 0 ? it.window : Width;
  for (int c = 0; c < C; ++c)
    for (int x = 0; x < it.W_out; ++x) {
      const auto cell = [&](int k) {
        return input(c, k / window, x * it.stride + k % window);
      };
      Lanes best = cell(0), winner{};
      if constexpr (Border) {
        const int left = within(it.border - x * it.stride, window - 1);
        winner += static_cast<float>(top * window + left);
      }
      if (it.average) {
#pragma GCC unroll 4
        for (int k = 1; k < window * window; ++k) best += cell(k);
        best /= static_cast<float>(window * window);
      } else {
#pragma GCC unroll 4
        for (int k = 1; k < window * window; ++k) {
          const Lanes next = cell(k);  // takes_the_lead(), lane by lane
          const auto leads = (next > best) | (next != next);
          best = leads ? next : best;
          winner = leads ? Lanes{} + static_cast<float>(k) : winner;
        }
      }
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

// `map` from cell (co, y, x) on; its cells stay null if they are null.
inline View part_of(const Map& map, int co, int y, int x) {
  View part(map);
  if (part.cells) part.cells = &part(co, y, x);
  return part;
}

// Computes a layer, some rows of some channels at a time, and finishes
// these while they are in the nearest cache. compute(channels, co, y,
// output, next) writes row y of channels from co on, `next` cells apart.
template <class Row>
void convolve_with(const Window& it, const Finish& last, Map output,
                   Map winners, float* rows, const Row& compute) {
  const Map scratch{rows, last.window * it.W_out, it.W_out, 1};
  // Without a pool or an addition, a row is computed in its final place.
  const bool in_place = last.window == 1 && last.stride == 1 && !last.add;
  for (int y = 0; y < last.H_out; ++y)
    for (int co = 0, step = 0; co < it.C_out; co += step) {
      step = channels_at_once(it.C_out - co, it.W_out == 1);
      const auto at = [&](const Map& map) {
        return part_of(map, co, y, 0);
      };
      const View to = at(output), row = in_place ? to : View(scratch);
      for (int r = 0; r < last.window; ++r)
        compute(step, co, y * last.stride + r, &row(0, r, 0), row.plane);
      if (!in_place || last.relu)
        finish_row(step, row, last, to, at(winners));
      for (int c = co; last.sums && c < co + step; ++c)
        look_at_row(it.C_out, last.W_out, View(output), c, y, last.sums);
    }
}

template <class Weight, class Input>
void convolve_tiled(const Tiling<Weight, Input>& my, const Finish& last,
                    Map output, Map winners, float* rows) {
  const int K = my.it.stride == 1 ? my.it.K : 0;
  const auto tiled = K == 3   ? tiled_rows<3, Weight, Input>
                     : K == 5 ? tiled_rows<5, Weight, Input>
                     : K == 1 ? tiled_rows<1, Weight, Input>
                              : tiled_rows<0, Weight, Input>;
  convolve_with(my.it, last, output, winners, rows,
                [&](int step, int co, int y, Lanes* out, int next) {
                  tiled(step, my, co, y, out, next);
                });
}

}  // namespace cnn::CNN_ISA
