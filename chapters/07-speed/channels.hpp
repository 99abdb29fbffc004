// Channels that are moved and scaled, on the way through ReLU and pool, and
// the sums that this takes. Included like lanes.hpp.
// Book: book/07-speed.md
#pragma once

#include "07-speed/lanes.hpp"

namespace cnn::CNN_ISA {

// Some sums at once, which need not wait for each other.
struct FewSums {
  Lanes sum[4] = {};

  void add(int k, Lanes number) { sum[k % 4] += number; }
  Lanes all() const { return (sum[0] + sum[1]) + (sum[2] + sum[3]); }
};

// Adds to sums the distances of a row's numbers to `first`, and to squares
// the squares of these. (The number where a channel begins is near the
// others: with it taken away, the sums lose nothing to a large mean.)
inline void add_row_sums(const Lanes* row, int W, Lanes first, Lanes& sums,
                         Lanes& squares) {
  FewSums sum, square;
  int x = 0;
  for (; x + 4 <= W; x += 4)
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
      const Lanes d = row[x + k] - first;
      sum.add(k, d);
      square.add(k, d * d);
    }
  for (; x < W; ++x) {
    const Lanes d = row[x] - first;
    sum.add(0, d);
    square.add(0, d * d);
  }
  sums += sum.all();
  squares += square.all();
}

// Adds some columns of a row, from (co, y, x) on, of a map that a
// convolution is putting out to the sums of that channel.
inline void look_at_row(const Finish& it, int C, const View& output, int co,
                        int y, int x, int columns) {
  if (!it.sums) return;
  Lanes* to = reinterpret_cast<Lanes*>(it.sums) + co;
  if (y == 0 && x == 0) to[0] = to[C] = Lanes{};
  add_row_sums(&output(co, y, x), columns, output(co, 0, 0), to[0], to[C]);
}

static void look(int C, int H, int W, Map input, float* sums) {
  const View in(input);
  auto* to = reinterpret_cast<Lanes*>(sums);
  for (int c = 0; c < C; ++c) {
    to[c] = to[C + c] = Lanes{};
    for (int y = 0; y < H; ++y)
      add_row_sums(&in(c, y, 0), W, in(c, 0, 0), to[c], to[C + c]);
  }
}

// Width: of the pool's window, 1 or 2; its windows lie side by side.
template <int Width>
void finish_scaled(int C, const View& input, const Factors& by,
                   const Finish& it, const View& output,
                   const View& winners) {
  for (int c = 0; c < C; ++c) {
    const float centre = by.centre[c], scale = by.scale[c],
                shift = by.shift[c];
    for (int y = 0; y < it.H_out; ++y)
      for (int x = 0; x < it.W_out; ++x) {
        Lanes best{}, winner{};
#pragma GCC unroll 4
        for (int k = 0; k < Width * Width; ++k) {
          const Lanes cell =
              (input(c, y * Width + k / Width, x * Width + k % Width) -
               centre) *
                  scale +
              shift;
          const auto leads = (cell > best) | (cell != cell);
          best = k == 0 ? cell : leads ? cell : best;
          winner = k > 0 && Width > 1
                       ? leads ? Lanes{} + static_cast<float>(k) : winner
                       : winner;
        }
        if (it.relu) {
          winner = best <= 0.0f ? Lanes{} - 1.0f : winner;
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

// Calls visit(y, x, k, g) for all cells of channel c of the input: g is
// what comes back to it through ReLU and pool, and cells with different k
// follow each other.
template <int Width, class Visit>
void for_gradients(int c, int H, int W, const View& grad, const Finish& it,
                   const View& winner, const Visit& visit) {
  if constexpr (Width == 1) {
    const auto back = [&](int y, int x) {
      Lanes g = grad(c, y, x);
      if (it.relu) g = winner(c, y, x) <= 0.0f ? Lanes{} : g;  // (4.6)
      return g;
    };
    for (int y = 0; y < H; ++y) {
      int x = 0;
      for (; x + 4 <= W; x += 4)
#pragma GCC unroll 4
        for (int k = 0; k < 4; ++k) visit(y, x + k, k, back(y, x + k));
      for (; x < W; ++x) visit(y, x, 0, back(y, x));
    }
    return;
  }
  for (int y = 0; y < it.H_out; ++y)
    for (int x = 0; x < it.W_out; ++x) {
      const Lanes g = grad(c, y, x), won = winner(c, y, x);
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k)
        visit(y * 2 + k / 2, x * 2 + k % 2, k,
              won == static_cast<float>(k) ? g : Lanes{});
    }
  // What no window covers.
  for (int y = 0; y < H; ++y)
    for (int x = y < it.H_out * 2 ? it.W_out * 2 : 0; x < W; ++x)
      visit(y, x, 0, Lanes{});
}

template <int Width>
void look_back(int C, int H, int W, const View& grad, const Finish& it,
               const View& winner, const View& input, const Factors& by,
               Lanes* sums) {
  for (int c = 0; c < C; ++c) {
    FewSums sum, lean;
    for_gradients<Width>(c, H, W, grad, it, winner,
                         [&](int y, int x, int k, Lanes g) {
                           sum.add(k, g);
                           lean.add(k, g * (input(c, y, x) - by.centre[c]));
                         });
    sums[c] = sum.all();
    sums[C + c] = lean.all();
  }
}

static void look_back(int C, int H, int W, Map grad, const Finish& it,
                      Map winners, Map input, const Factors& by,
                      float* sums) {
  (it.window == 1 ? look_back<1>
                  : look_back<2>)(C, H, W, View(grad), it, View(winners),
                                  View(input), by,
                                  reinterpret_cast<Lanes*>(sums));
}

template <int Width>
void finish_scaled_backward(int C, int H, int W, const View& grad,
                            const Finish& it, const View& winner,
                            const View& input, const Factors& by,
                            const View& target, Lanes* sums) {
  for (int c = 0; c < C; ++c) {
    const float centre = by.centre[c], scale = by.scale[c],
                mean = by.mean[c], lean = by.lean[c];
    FewSums sum;
    for_gradients<Width>(
        c, H, W, grad, it, winner, [&](int y, int x, int k, Lanes g) {
          const Lanes mine =
              ((g - mean) - (input(c, y, x) - centre) * lean) * scale;
          target(c, y, x) = mine;
          sum.add(k, mine);
        });
    sums[c] = sum.all();
  }
}

static void finish_scaled_backward(int C, int H, int W, Map grad,
                                   const Finish& it, Map winners, Map input,
                                   const Factors& by, Map grad_input,
                                   float* sums) {
  (it.window == 1
       ? finish_scaled_backward<1>
       : finish_scaled_backward<2>)(C, H, W, View(grad), it, View(winners),
                                    View(input), by, View(grad_input),
                                    reinterpret_cast<Lanes*>(sums));
}

}  // namespace cnn::CNN_ISA
