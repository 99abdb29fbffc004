// Compiled once for each instruction set, whose name is CNN_ISA. All names
// are in the namespace CNN_ISA, and no inline function of the standard
// library is used: the linker keeps one copy of such a function for the
// whole program, and that copy might be one that this CPU cannot run.
// Book: book/07-speed.md
#include "07-speed/kernels.hpp"
#include "07-speed/channels.hpp"
#include "07-speed/tiles.hpp"
#include "07-speed/weight_tiles.hpp"
#include "07-speed/winograd.hpp"

namespace cnn::CNN_ISA {

// Packs the weights for convolve_winograd(), 16 for each kernel:
// (16, C_out / TC, C_in, TC), each of which is `together` numbers.
static void pack_transformed(const Window& it, const Weights& from,
                             int together, int channels, float* to) {
  const int next = it.C_out * it.C_in * together;
  for (int co = 0, step = 0; co < it.C_out; co += step) {
    step = channels_at_once(it.C_out - co, false);
    const int end = (co + step) * together;
    int c = co * together, ci = 0;
    for (int left = step * together * it.C_in; left > 0; left -= L) {
      const int some = within(left, L);
      alignas(64) float g[9][L] = {};
      for (int l = 0; l < some; ++l) {
        for (int tap = 0; tap < 9 && c < channels; ++tap)
          g[tap][l] = from.at(c, ci, tap);
        if (++c == end) c = co * together, ++ci;
      }
      Lanes u[16];
      transform_kernels(reinterpret_cast<const Lanes*>(g), u);
      for (int p = 0; p < 16; ++p)
        for (int l = 0; l < some; ++l) to[p * next + l] = u[p][l];
      to += some;
    }
  }
}

// Packs the weights in the order in which the tiles of convolve() read
// them: (C_out / TC, K, C_in, K, TC).
static void pack(const Window& it, const Weights& from, int together,
                 int channels, float* to) {
  if (it.winograd) {
    pack_transformed(it, from, together, channels, to);
    return;
  }
  for (int co = 0, step = 0; co < it.C_out; co += step) {
    step = channels_at_once(it.C_out - co, it.W_out == 1);
    for (int ky = 0; ky < it.K; ++ky)
      for (int ci = 0; ci < it.C_in; ++ci)
        for (int kx = 0; kx < it.K; ++kx)
          for (int c = co * together; c < (co + step) * together; ++c)
            *to++ = c < channels ? from.at(c, ci, ky * it.K + kx) : 0.0f;
  }
}

// Convolves L images, or one image with L channels in lanes: see Tiling.
template <class Weight, class Input>
static void convolve_packed(const Window& it, Map input,
                            const Weights& weight, const float* bias,
                            const Finish& last, Map output, Map winners,
                            float* rows) {
  constexpr int together = sizeof(Lanes) / sizeof(Input);  // channels
  const Tiling<Weight, Input> my{
      it,
      reinterpret_cast<const Input*>(input.cells),
      input.plane * together,
      input.row * together,
      together,
      reinterpret_cast<const Weight*>(weight.packed),
      reinterpret_cast<const Weight*>(bias)};
  if (it.winograd)
    convolve_winograd(my, (it.C_in + together - 1) / together, View(input),
                      last, output, winners, rows);
  else
    convolve_tiled(my, last, output, winners, rows);
}

// Computes one sum at a time or, with Tiles, whole tiles where they fit.
template <bool Tiles>
static void convolve_plainly(const Window& it, Map input,
                             const Weights& weight, const float* bias,
                             const Finish& last, Map output, Map winners,
                             float* rows) {
  View view(input);
  convolve_with(it, last, output, winners, rows,
                [&](int step, int co, int y, Lanes* out, int next) {
                  int x = 0;
                  if (Tiles && step == tile_channels)
                    for (; x + tile_columns <= it.W_out; x += tile_columns)
                      small_tile(it, view, weight, bias, co, y, x, out + x,
                                 next);
                  Window rest = it;
                  rest.W_out -= x;
                  View from = view;
                  from.cells += x * it.stride * view.column;
                  for (int c = 0; c < step; ++c)
                    plain_row(rest, from, weight, bias, co + c, y,
                              out + c * next + x);
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
#pragma GCC unroll 4
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

// Copies `count` numbers or, if `add`, adds them, L at a time while it can.
static void add_row(const float* from, float* to, int count, bool add) {
  int i = 0;
  if (!add)
    for (; i < count; ++i) to[i] = from[i];
  for (; i + L <= count; i += L)
    for (int l = 0; l < L; ++l) to[i + l] += from[i + l];
  for (; i < count; ++i) to[i] += from[i];
}

// Each image adds a single product to the gradient of a weight here. So the
// lanes hold L inputs, and the 16 images take the place of channels.
static void dense_parameters(const Window& it, const Map* grads,
                             const Map* inputs, bool add, float* scratch,
                             float* grad_weight) {
  const int columns = (it.C_in + L - 1) / L, padded = columns * L;
  float* by_image = scratch;                        // (16, C_in rounded up)
  float* weight = scratch + block_images * padded;  // in pack()'s order
  for (int n = 0; n < block_images; ++n) {
    const float* input = inputs[n / L].cells + n % L;
    for (int i = 0; i < padded; ++i)
      by_image[n * padded + i] = i < it.C_in ? input[i * L] : 0.0f;
  }
  // (TC, C_in rounded up)
  float* sums = weight + block_images * it.C_out;
  const Window products{block_images, it.C_out, 1, 1, 1, columns};
  const Tiling<float, Lanes> my{
      products, reinterpret_cast<Lanes*>(by_image), columns, 0, 1, weight,
      nullptr};
  float* to_weight = weight;
  for (int co = 0, step = 0; co < it.C_out; co += step) {
    step = channels_at_once(it.C_out - co, false);
    for (int n = 0; n < block_images; ++n)
      for (int c = co; c < co + step; ++c)
        *to_weight++ = grads[n / L].cells[c * L + n % L];
    tiled_rows<1>(step, my, co, 0, reinterpret_cast<Lanes*>(sums), columns);
    for (int c = 0; c < step; ++c)
      add_row(sums + c * padded, grad_weight + (co + c) * it.C_in, it.C_in,
              add);
  }
}

// Takes 16 output channels at a time: their maps stay in the cache while
// those of the input pass by.
static void convolve_parameters(const Window& it, const Map* grads,
                                const Map* inputs, bool tiled, bool add,
                                float* scratch, float* grad_weight) {
  if (it.winograd)
    return winograd_parameters(it, grads, inputs, add, scratch,
                               grad_weight);
  if (it.dense)
    return dense_parameters(it, grads, inputs, add, scratch, grad_weight);
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

// ---- The machine -------------------------------------------------------

static double peak(int n) {
  // Enough to hide the latency, or more where there are registers.
  constexpr int independent = registers == 32 ? 24 : 12;
  volatile float factor = 0.999f, term = 0.001f;
  const Lanes a = Lanes{} + factor, b = Lanes{} + term;
  Lanes sum[independent];  // from a volatile, so none are merged as equal
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
                         pack,
                         convolve_packed<float, Lanes>,
                         convolve_plainly<false>,
                         convolve_plainly<true>,
                         convolve_packed<Lanes, float>,
                         finish,
                         finish_backward,
                         convolve_parameters,
                         bias_gradient,
                         sum_channels,
                         finish_scaled,
                         sum_channels_backward,
                         finish_scaled_backward};

}  // namespace cnn::CNN_ISA
