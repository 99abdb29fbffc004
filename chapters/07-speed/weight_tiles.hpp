// The gradients of the weights, in tiles of weights. Included like
// lanes.hpp.
// Book: book/07-speed.md
#pragma once

#include <utility>

#include "07-speed/tiles.hpp"

namespace cnn::CNN_ISA {

// The sum of 16 numbers, one for each image of a block. Halves are added
// until one number is left, an order that 1, 2 and 4 Lanes can share.
inline float sum_of_slots(const float* slots) {
  using Eight [[gnu::vector_size(32)]] = float;
  using Four [[gnu::vector_size(16)]] = float;
  const auto* sixteen = reinterpret_cast<const Eight*>(slots);
  const Eight eight = sixteen[0] + sixteen[1];
  const auto* halves = reinterpret_cast<const Four*>(&eight);
  const Four four = halves[0] + halves[1];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// The same for N weights side by side, whose groups of L images lie `next`
// cells apart. Each gets L / N lanes, so if N is L, each gets one sum.
template <int N>
[[gnu::always_inline]] inline Lanes sums_of_slots(const Lanes* slots,
                                                  int next) {
  if constexpr (N == 1) {
    Lanes groups[block_images / L];
    for (int i = 0; i < block_images / L; ++i) groups[i] = slots[i * next];
    for (int some = block_images / L / 2; some > 0; some /= 2)
      for (int i = 0; i < some; ++i) groups[i] += groups[i + some];
    return groups[0];
  } else {
    constexpr int half = L / N;  // lanes for each weight in the result
    const Lanes a = sums_of_slots<N / 2>(slots, next);
    const Lanes b = sums_of_slots<N / 2>(slots + N / 2, next);
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return __builtin_shufflevector(a, b, (2 * I - I % half)...) +
             __builtin_shufflevector(a, b, (2 * I - I % half + half)...);
    }
    (std::make_integer_sequence<int, L>{});
  }
}

// What the weight tiles of some output channels and one input channel
// share: maps of L images, and the sums, one Lanes for each weight (co -
// first_co, ky, kx), next_sum cells apart.
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

// The gradients of TC x TY x TX weights: channels from co, taps from (ky,
// kx) on. Here the tile consists of weights, and the pixels pass by.
// grad (C_out, ...), input (C_in, ...) -> sums  (4.9)
template <int TC, int TY, int TX, int Step>
void weight_tile(const WeightSums& my, int co, int ky, int kx) {
  const int stride = Step == 0 ? my.it.stride : Step;
  const int next_co = my.grad.plane, next_ky = my.input.row;
  Lanes sum[TY][TC][TX] = {};
  for (int y = 0; y < my.it.H_out; ++y) {
    const Lanes* g = &my.grad(co, y, 0);
    const Lanes* in = &my.input(my.ci, y * stride + ky, kx);
    for (int x = 0; x < my.it.W_out; ++x, g += stride, in += stride)
#pragma GCC unroll 16
      for (int j = 0; j < TY; ++j)
        add_to_tile(g, next_co, in + j * next_ky, 1, sum[j]);
  }
#pragma GCC unroll 16
  for (int c = 0; c < TC; ++c)
#pragma GCC unroll 16
    for (int j = 0; j < TY; ++j)
#pragma GCC unroll 16
      for (int i = 0; i < TX; ++i)
        my.sum(co + c, ky + j, kx + i) = sum[j][c][i];
}

template <int TC, int TY, int TX>
void weight_tile(const WeightSums& my, int co, int ky, int kx) {
  (my.it.stride == 1 ? weight_tile<TC, TY, TX, 1>
                     : weight_tile<TC, TY, TX, 0>)(my, co, ky, kx);
}

// All taps of TC output channels, from co on.
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
