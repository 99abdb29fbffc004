// One image per SIMD lane: chapter 02's loops with L images for every
// number. Only kernels.cpp includes this file, once for each instruction
// set; everything here stands in a namespace of that name.
// Book: book/07-speed.md
#pragma once

#include "07-speed/kernels.hpp"

namespace cnn::CNN_ISA {

// L floats that the CPU handles with one instruction, and the tile: so many
// output channels and columns that their sums need not wait (7.1), and so
// few that they fit the registers. (With weights and an input, 4 x 7 are 33
// numbers, one too many; on ARM the weights of a column need registers,
// too.) row_columns: of a tile with a single channel.
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
// meets L pixels. (Three of the seven are gone: the image n is in the
// lanes, and the caller walks over co and y.)
// input (C_in, ...)  weight (C_in, K, K) of one co -> one row of outputs
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

// The same for a tile of it: some channels from co, some columns from x.
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
