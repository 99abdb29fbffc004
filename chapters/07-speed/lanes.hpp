// One image per SIMD lane: chapter 02's loops, where one number becomes L,
// those of L images. Only kernels.cpp includes this file and those built on
// it, once for each instruction set, whose name is that of the namespace.
// Book: book/07-speed.md
#pragma once

#include "07-speed/kernels.hpp"

namespace cnn::CNN_ISA {

// L is how many floats one instruction handles. A tile has enough sums that
// none has to wait (7.1), and few enough for the registers: those of
// tile_channels channels and tile_columns columns, or of one channel and
// row_columns. (With 4 weights and an input, 4 x 7 need 33, one too many;
// on ARM the weights need registers, too.)
#if defined(__AVX512F__)
constexpr int L = 16, registers = 32, tile_channels = 4, tile_columns = 7,
              row_columns = 14;
#elif defined(__AVX__)
constexpr int L = 8, registers = 16, tile_channels = 4, tile_columns = 3,
              row_columns = 8;
#elif defined(__aarch64__)
constexpr int L = 4, registers = 32, tile_channels = 4, tile_columns = 6,
              row_columns = 14;
#else
constexpr int L = 4, registers = 16, tile_channels = 4, tile_columns = 2,
              row_columns = 4;
#endif
using Lanes [[gnu::vector_size(L * sizeof(float))]] = float;

// A Map whose cells are Lanes: view(c, y, x). Distances are in cells.
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

// One row of convolve(), for L images at once: every weight meets L pixels.
// (Four of chapter 02's seven loops are left: the images n are in the
// lanes, and the caller loops over co and y.)
// input (C_in, ...)  weight (C_in, K, K) of channel co -> output (W_out)
inline void plain_row(const Window& it, const View& input,
                      const Weights& weight, const float* bias, int co,
                      int y, Lanes* output) {
  for (int x = 0; x < it.W_out; ++x) {
    Lanes sum = Lanes{} + (bias ? bias[co] : 0.0f);
    for (int ci = 0; ci < it.C_in; ++ci)
      for (int ky = 0; ky < it.K; ++ky)
        for (int kx = 0; kx < it.K; ++kx)
          sum += weight.at(co, ci, ky * it.K + kx) *
                 input(ci, y * it.stride + ky, x * it.stride + kx);
    output[x] = sum;  // (2.3)
  }
}

// The same for a tile, channels from co on and columns from x on; channels
// of the output are next_channel cells apart.
inline void small_tile(const Window& it, const View& input,
                       const Weights& weight, const float* bias, int co,
                       int y, int x, Lanes* output, int next_channel) {
  Lanes sum[tile_channels][tile_columns];
  for (int c = 0; c < tile_channels; ++c)
    for (int j = 0; j < tile_columns; ++j)
      sum[c][j] = Lanes{} + (bias ? bias[co + c] : 0.0f);
  for (int ci = 0; ci < it.C_in; ++ci)
    for (int ky = 0; ky < it.K; ++ky)
      for (int kx = 0; kx < it.K; ++kx)
#pragma GCC unroll 16
        for (int c = 0; c < tile_channels; ++c)
#pragma GCC unroll 16
          for (int j = 0; j < tile_columns; ++j)
            sum[c][j] +=
                weight.at(co + c, ci, ky * it.K + kx) *
                input(ci, y * it.stride + ky, (x + j) * it.stride + kx);
  for (int c = 0; c < tile_channels; ++c)
    for (int j = 0; j < tile_columns; ++j)
      output[c * next_channel + j] = sum[c][j];
}

}  // namespace cnn::CNN_ISA
