// Compiled once for each instruction set, which is CNN_ISA. No name is
// defined outside its namespace, and no inline function of the standard
// library is used: the linker keeps one copy of such a function for the
// whole program, and that copy might be one that this CPU cannot run.
// Book: book/07-speed.md
#include "07-speed/kernels.hpp"
#include "07-speed/lanes.hpp"

namespace cnn::CNN_ISA {

static void convolve(const Window& it, Map input, const Weights& weight,
                     const float* bias, const Finish& last, Map output,
                     Map winners, Scratch scratch) {
  const View in(input);
  list_taps(it, weight, scratch.taps, [&](int ci, int ky, int kx) {
    return ci * in.plane + ky * in.row + kx;
  });
  convolve_tiled<float, Lanes>(
      {it, in.cells, it.stride * in.row, it.stride, weight.first,
       weight.to_co, bias, scratch.taps},
      last, output, winners, scratch.rows);
}

static void convolve_single(const Window& it, Map in, const Weights& weight,
                            const float* bias, const Finish& last,
                            Map output, Map winners, Scratch scratch) {
  list_taps(it, weight, scratch.taps, [&](int ci, int ky, int kx) {
    return (ci / L * in.plane + ky * in.row + kx) * L + ci % L;
  });
  convolve_tiled<Lanes, float>(
      {it, in.cells, it.stride * in.row * L, it.stride * L,
       reinterpret_cast<const Lanes*>(weight.first), weight.to_co,
       reinterpret_cast<const Lanes*>(bias), scratch.taps},
      last, output, winners, scratch.rows);
}

static void convolve_untiled(const Window& it, Map input,
                             const Weights& weight, const float* bias,
                             const Finish& last, Map output, Map winners,
                             Scratch scratch) {
  const View view(input);
  convolve_with(it, last, output, winners, scratch.rows, false,
                [&](int step, int co, int y, Lanes* out, int next) {
                  for (int c = 0; c < step; ++c)
                    plain_row(it, view, weight, bias, co + c, y,
                              out + c * next);
                });
}

static void finish(int C, Map input, const Finish& it, Map output,
                   Map winners) {
  for (int y = 0; y < it.H_out; ++y)
    finish_row(C, View(input.from(y * it.stride, 0, L)), it,
               View(output.from(y, 0, L)), View(winners.from(y, 0, L)),
               within(it.border - y * it.stride, it.window - 1));
}

// Each output's gradient goes to the cell that won (4.10), or is shared by
// all cells of the window (4.11).
template <int Width>
static void finish_windows_backward(int C, View grad, Finish it,
                                    View winner, View target, Lanes* sums) {
  const int window = Width == 0 ? it.window : Width;
  const bool overlap = it.stride < window;
  const auto share = static_cast<float>(window * window);
  for (int c = 0; c < C; ++c) {
    for (int y = 0; overlap && y < (it.H_out - 1) * it.stride + window; ++y)
      for (int x = 0; x < (it.W_out - 1) * it.stride + window; ++x)
        target(c, y, x) = Lanes{};
    Lanes sum{};
    for (int y = 0; y < it.H_out; ++y)
      for (int x = 0; x < it.W_out; ++x) {
        Lanes g = grad(c, y, x), won{};
        if (it.average)
          g /= share;
        else if (it.window > 1)
          won = winner(c, y, x);
        if (it.relu && it.window == 1)
          g = winner(c, y, x) <= 0.0f ? Lanes{} : g;  // (4.6)
        sum += won < 0.0f ? Lanes{} : g;              // (4.8)
        for (int k = 0; k < window * window; ++k) {
          Lanes& cell = target(c, y * it.stride + k / window,
                               x * it.stride + k % window);
          const Lanes mine = it.average                     ? g
                             : won == static_cast<float>(k) ? g
                                                            : Lanes{};
          cell = overlap ? cell + mine : mine;
        }
      }
    if (sums) sums[c] = sum;
  }
}

static void finish_backward(int C, Map grad_output, const Finish& it,
                            Map winners, Map grad_input,
                            float* channel_sums) {
  const View grad(grad_output), winner(winners), target(grad_input);
  auto* sums = reinterpret_cast<Lanes*>(channel_sums);
  if (it.window == 1)
    finish_windows_backward<1>(C, grad, it, winner, target, sums);
  else if (it.window == 2)
    finish_windows_backward<2>(C, grad, it, winner, target, sums);
  else
    finish_windows_backward<0>(C, grad, it, winner, target, sums);
}

static void bias_gradient(int C, const float* const* channel_sums, bool add,
                          float* grad_bias) {
  for (int co = 0; co < C; ++co) {
    alignas(64) float slots[block_images];
    for (int n = 0; n < block_images; ++n)
      slots[n] = channel_sums[n / L][co * L + n % L];
    grad_bias[co] = (add ? grad_bias[co] : 0.0f) + sum_of_slots(slots);
  }
}

// 16 channels of the output at a time: their maps stay in the cache while
// those of the input pass by.
static void convolve_parameters(const Window& it, const Map* grads,
                                const Map* inputs, bool tiled, bool add,
                                float* scratch, float* grad_weight) {
  const int taps = it.K * it.K;
  for (int first = 0; first < it.C_out; first += 16) {
    const int end = within(first + 16, it.C_out);
    for (int ci = 0; ci < it.C_in; ++ci) {
      for (int group = 0; group < block_images / L; ++group) {
        const WeightSums my{it,
                            View(grads[group]),
                            View(inputs[group]),
                            ci,
                            first,
                            reinterpret_cast<Lanes*>(scratch) + group,
                            block_images / L};
        for (int co = first, step = 0; co < end; co += step) {
          step = tiled && end - co >= 4 ? 4 : 1;
          if (step == 4)
            weight_tiles<4>(my, co);
          else if (tiled)
            weight_tiles<1>(my, co);
          else
            for (int k = 0; k < taps; ++k)
              weight_tile<1, 1, 1>(my, co, k / it.K, k % it.K);
        }
      }
      for (int k = 0; k < (end - first) * taps; ++k) {
        float& to = grad_weight[((first + k / taps) * it.C_in + ci) * taps +
                                k % taps];
        to = (add ? to : 0.0f) + sum_of_slots(scratch + k * block_images);
      }
    }
  }
}

// Here a weight has one product for each image and nothing else to sum: so
// the lanes are L inputs instead, and the 16 images pass by like channels.
static void dense_parameters(const Window& it, const Map* grads,
                             const Map* inputs, bool add, float* scratch,
                             float* grad_weight) {
  const int columns = (it.C_in + L - 1) / L, padded = columns * L;
  float* by_image = scratch;                        // (16, C_in rounded up)
  float* weight = scratch + block_images * padded;  // (C_out, 16)
  for (int n = 0; n < block_images; ++n) {
    const float* input = inputs[n / L].cells + n % L;
    const float* grad = grads[n / L].cells + n % L;
    for (int i = 0; i < it.C_in; ++i)
      by_image[n * padded + i] = input[i * L];
    for (int i = it.C_in; i < padded; ++i) by_image[n * padded + i] = 0;
    for (int o = 0; o < it.C_out; ++o)
      weight[o * block_images + n] = grad[o * L];
  }
  const Window products{block_images, it.C_out, 1, 1, 1, columns};
  Tap taps[block_images];
  for (int n = 0; n < block_images; ++n) taps[n] = {n * columns, n};
  const Tiling<float, Lanes> my{
      products, reinterpret_cast<Lanes*>(by_image),
      0,        1,
      weight,   block_images,
      nullptr,  taps};
  for (int co = 0, step = 0; co < it.C_out; co += step) {
    step = it.C_out - co >= tile_channels ? tile_channels : 1;
    for (int x = 0; x < columns; x += tile_columns) {
      const int wide =
          columns - x < tile_columns ? columns - x : tile_columns;
      Lanes sum[tile_channels * tile_columns];
      if (step == 1)
        tile_of<1, tile_columns>(wide, my, co, 0, x, sum, tile_columns);
      else
        tile_of<tile_channels, tile_columns>(wide, my, co, 0, x, sum,
                                             tile_columns);
      // Vector by vector but for the last inputs of a row.
      for (int c = 0; c < step; ++c)
        for (int j = 0; j < wide; ++j) {
          const int first = (x + j) * L;
          float* to = grad_weight + (co + c) * it.C_in + first;
          const Lanes& from = sum[c * tile_columns + j];
          const int count = within(it.C_in - first, L);
          if (!add)
            for (int l = 0; l < count; ++l) to[l] = from[l];
          else if (count == L)
            for (int l = 0; l < L; ++l) to[l] += from[l];
          else
            for (int l = 0; l < count; ++l) to[l] += from[l];
        }
    }
  }
}

// ---- The machine -------------------------------------------------------

static double peak(int n) {
  // As many as latency needs, and more, where there are registers.
  constexpr int independent = registers == 32 ? 24 : 12;
  volatile float factor = 0.999f, term = 0.001f;
  const Lanes a = Lanes{} + factor, b = Lanes{} + term;
  Lanes sum[independent];  // volatile: known to be equal, they were merged
  for (Lanes& s : sum) s = Lanes{} + term;
  for (int i = 0; i < n * 1000; ++i)
#pragma GCC unroll 32
    for (Lanes& s : sum) s = s * a + b;
  volatile float keep = 0;
  for (const Lanes& s : sum) keep = s[0];
  (void)keep;
  return 2.0 * L * independent * 1000.0 * n;
}

static bool runs() {
#if defined(__AVX512F__)
  return __builtin_cpu_supports("avx512f");
#elif defined(__AVX__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return true;
#endif
}

#define CNN_TEXT_OF(name) #name
#define CNN_TEXT(name) CNN_TEXT_OF(name)

extern const Kernels kernels;
const Kernels kernels = {CNN_TEXT(CNN_ISA),
                         L,
                         runs,
                         peak,
                         convolve,
                         convolve_untiled,
                         convolve_single,
                         finish,
                         finish_backward,
                         convolve_parameters,
                         dense_parameters,
                         bias_gradient};

}  // namespace cnn::CNN_ISA
