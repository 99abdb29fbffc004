// Scales and shifts channels on their way through ReLU and pool, and takes
// the sums that this needs. Included like lanes.hpp.
// Book: book/07-speed.md
#pragma once

#include "07-speed/lanes.hpp"

namespace cnn::CNN_ISA {

// One sum, kept as four that need not wait for each other.
struct FewSums {
  Lanes sum[4] = {};

  void add(int k, Lanes number) { sum[k % 4] += number; }
  Lanes all() const { return (sum[0] + sum[1]) + (sum[2] + sum[3]); }
};

// Calls visit(x, k) for x from 0 to W - 1; k is x % 4, but 0 for the last
// W % 4 columns.
template <class Visit>
[[gnu::always_inline]] inline void for_columns(int W, const Visit& visit) {
  int x = 0;
  for (; x + 4 <= W; x += 4)
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) visit(x + k, k);
  for (; x < W; ++x) visit(x, 0);
}

// Adds row y of channel c to the channel's two sums: see sum_channels() in
// Kernels. Rows must come in order. (Numbers are taken relative to the
// channel's first, which is near them, so a large mean costs no precision.)
inline void look_at_row(int C, int W, const View& map, int c, int y,
                        float* sums) {
  const Lanes first = map(c, 0, 0), *row = &map(c, y, 0);
  FewSums sum, square;
  for_columns(W, [&](int x, int k) {
    const Lanes d = row[x] - first;
    sum.add(k, d);
    square.add(k, d * d);
  });
  Lanes* to = reinterpret_cast<Lanes*>(sums) + c;
  if (y == 0) to[0] = to[C] = Lanes{};
  to[0] += sum.all();
  to[C] += square.all();
}

static void sum_channels(int C, int H, int W, Map input, float* sums) {
  for (int c = 0; c < C; ++c)
    for (int y = 0; y < H; ++y) look_at_row(C, W, View(input), c, y, sums);
}

// How channel c moves and scales a number.
struct Scaling {
  float centre, scale, shift;

  Scaling(const Factors& by, int c)
      : centre(by.centre[c]), scale(by.scale[c]), shift(by.shift[c]) {}
  Lanes operator()(Lanes x) const { return (x - centre) * scale + shift; }
};

// Width is that of the pool's windows, 1 or 2, which lie side by side. For
// 2, `winners` gets the inputs that won, or NaN where ReLU made them 0.
template <int Width>
void finish_scaled(int C, const View& input, const Factors& by,
                   const Finish& it, const View& output,
                   const View& winners) {
  for (int c = 0; c < C; ++c) {
    const Scaling scaled(by, c);
    for (int y = 0; y < it.H_out; ++y)
      for (int x = 0; x < it.W_out; ++x) {
        Lanes winner = input(c, y * Width, x * Width),
              best = scaled(winner);
#pragma GCC unroll 4
        for (int k = 1; k < Width * Width; ++k) {
          const Lanes in =
              input(c, y * Width + k / Width, x * Width + k % Width);
          const Lanes cell = scaled(in);
          const auto leads = (cell > best) | (cell != cell);
          best = leads ? cell : best;
          winner = leads ? in : winner;
        }
        if (it.relu) {
          winner = best <= 0.0f ? Lanes{} + __builtin_nanf("") : winner;
          best = best < 0.0f ? Lanes{} : best;  // (4.5)
        }
        output(c, y, x) = best;
        if (Width > 1) winners(c, y, x) = winner;
      }
  }
}

static void finish_scaled(int C, Map input, const Factors& by,
                          const Finish& it, Map output, Map winners) {
  (it.window == 1 ? finish_scaled<1> : finish_scaled<2>)(C, View(input), by,
                                                         it, View(output),
                                                         View(winners));
}

// Without a pool: `grad`, or 0 where ReLU made the scaled `in` 0.
inline Lanes through_relu(const Finish& it, const Scaling& scaled, Lanes in,
                          Lanes grad) {
  return it.relu ? scaled(in) <= 0.0f ? Lanes{} : grad : grad;  // (4.6)
}

static void sum_channels_backward(int C, int H, int W, Map grad_output,
                                  const Finish& it, Map winners, Map input,
                                  const Factors& by, float* sums) {
  const View grad(grad_output), winner(winners), in(input);
  auto* to = reinterpret_cast<Lanes*>(sums);
  for (int c = 0; c < C; ++c) {
    const Scaling scaled(by, c);
    FewSums sum, weighted;
    const auto add = [&](int k, Lanes x, Lanes g) {
      sum.add(k, g);
      weighted.add(k, g * (x - scaled.centre));
    };
    if (it.window == 1) {
      for (int y = 0; y < H; ++y)
        for_columns(W, [&](int x, int k) {
          const Lanes cell = in(c, y, x);
          add(k, cell, through_relu(it, scaled, cell, grad(c, y, x)));
        });
    } else {
      for (int y = 0; y < it.H_out; ++y)
        for_columns(it.W_out, [&](int x, int k) {
          const Lanes won = winner(c, y, x);
          add(k, won == won ? won : Lanes{},
              won == won ? grad(c, y, x) : Lanes{});
        });
    }
    to[c] = sum.all();
    to[C + c] = weighted.all();
  }
}

static void finish_scaled_backward(int C, int H, int W, Map grad_output,
                                   const Finish& it, Map winners, Map input,
                                   const Factors& by, Map grad_input,
                                   float* sums) {
  const View grad(grad_output), winner(winners), in(input),
      target(grad_input);
  auto* to = reinterpret_cast<Lanes*>(sums);
  for (int c = 0; c < C; ++c) {
    const Scaling scaled(by, c);
    const float mean = by.mean[c], lean = by.lean[c];
    FewSums sum;
    const auto put = [&](int y, int x, int k, Lanes cell, Lanes g) {
      const Lanes mine =
          ((g - mean) - (cell - scaled.centre) * lean) * scaled.scale;
      target(c, y, x) = mine;
      sum.add(k, mine);
    };
    if (it.window == 1) {
      for (int y = 0; y < H; ++y)
        for_columns(W, [&](int x, int k) {
          const Lanes cell = in(c, y, x);
          put(y, x, k, cell, through_relu(it, scaled, cell, grad(c, y, x)));
        });
    } else {
      // The first cell equal to its window's winner gets the gradient.
      for (int y = 0; y < it.H_out; ++y)
        for (int x = 0; x < it.W_out; ++x) {
          Lanes g = grad(c, y, x);
          const Lanes won = winner(c, y, x);
#pragma GCC unroll 4
          for (int k = 0; k < 4; ++k) {
            const int row = 2 * y + k / 2, column = 2 * x + k % 2;
            const Lanes cell = in(c, row, column);
            const auto wins = cell == won;
            put(row, column, k, cell, wins ? g : Lanes{});
            g = wins ? Lanes{} : g;
          }
        }
      // Cells that no window covers.
      for (int y = 0; y < H; ++y)
        for (int x = y < it.H_out * 2 ? it.W_out * 2 : 0; x < W; ++x)
          put(y, x, 0, in(c, y, x), Lanes{});
    }
    to[c] = sum.all();
  }
}

}  // namespace cnn::CNN_ISA
