// The inner loops of this chapter as functions that a program can choose
// among when it starts: kernels.cpp is compiled once for each instruction
// set, and every CPU gets the widest one that it can run.
//
// All kernels work on L images side by side. One cell is L floats: the same
// pixel of L images. What comes in and goes out is described in cells.
// Book: book/07-speed.md
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cnn {

// Numbers that begin at a multiple of 64 bytes, as the widest lanes do.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::size_t count = 0, float value = 0)
      : lines_((count + 15) / 16) {
    for (Line& line : lines_)
      for (float& number : line.numbers) number = value;
  }
  float* data() { return lines_.data()->numbers; }
  const float* data() const { return lines_.data()->numbers; }
  std::size_t size() const { return lines_.size() * 16; }

 private:
  struct alignas(64) Line {
    float numbers[16];
  };
  std::vector<Line> lines_;
};

// The same settings give the same bits for as long as this number stays.
// 2: kernels of 3 x 3 that move by 1 and pad by at most 1, between 16
// channels or more, take fewer products. (FastOptions::winograd_from stands
// in no recipe: another default is another engine.)
constexpr int engine_version = 2;

// Images whose gradients are added up together, in an order that does not
// depend on L: a block of 16 / L groups of L images.
constexpr int block_images = 16;

// Where a map (C, H, W) lies: cell (c, y, x) begins L (c plane + y row + x
// column) floats behind `cells`.
struct Map {
  float* cells = nullptr;
  int plane = 0, row = 0, column = 1;

  // The same map with its origin moved by y rows and x columns. Always
  // inlined, as Weights::at() is: a copy of it that is compiled for one
  // instruction set must not be the one that the whole program calls.
  [[gnu::always_inline]] Map from(int y, int x, int L) const {
    return {cells + static_cast<std::ptrdiff_t>(y * row + x * column) * L,
            plane, row, column};
  }
};

// Where weights lie: weight(co, ci, ky, kx) is first[co to_co + ci to_ci +
// (ky K + kx) to_tap]. With to_tap = -1 the taps are walked backwards.
struct Weights {
  const float* first = nullptr;
  int to_co = 0, to_ci = 0, to_tap = 1;
  const float* packed = nullptr;  // the same weights: see Kernels::pack

  [[gnu::always_inline]] float at(int co, int ci, int tap) const {
    return first[co * to_co + ci * to_ci + tap * to_tap];
  }
};

struct Window {
  int C_in = 1, C_out = 1, K = 1, stride = 1;
  int H_out = 1, W_out = 1;
  int top = 0, bottom = 1;  // rows of the input outside are all 0
  bool winograd = false;    // with fewer products: see winograd.hpp
  int right = 1 << 30;      // columns from here on are all 0
};

// How many numbers Kernels::pack makes of the weights of one window.
constexpr int packed_numbers(const Window& it) {
  return it.C_out * it.C_in * (it.winograd ? 16 : it.K * it.K);
}

// What happens to a window of cells on its way out: ReLU, then the largest
// or the mean of it. A window of 1 with neither leaves all as it is.
struct Finish {
  bool relu = false, average = false;
  bool add = false;  // to what is there
  int window = 1, stride = 1;
  int H_out = 1, W_out = 1;  // after it
  int border = 0;  // cells around the map, which a window may lie across
  float* sums = nullptr;  // of what comes out of a convolution: see look()
};

// What each channel is moved and scaled by: see channel_layer.hpp.
struct Factors {
  const float *centre, *scale, *shift, *mean, *lean;
};

// output = finish(bias + sum of weight times input): equation (2.3).
// bias may be null: 0. winners: the number of the cell in its window that
// won, -1 if ReLU made it 0; not written if winners.cells is null.
// `rows` is memory for scratch_cells() of L floats (block.hpp).
using Convolve = void(const Window&, Map input, const Weights&,
                      const float* bias, const Finish&, Map output,
                      Map winners, float* rows);

struct Kernels {
  const char* name;
  int lanes;              // L
  bool (*runs)();         // whether this CPU can run them
  double (*peak)(int n);  // n thousand independent multiply-adds: FLOPs

  // The weights of a layer in the order in which convolve() reads them.
  // `together` numbers of `channels` output channels are one weight: 1, or
  // L where channels lie in lanes; what is missing is 0.
  void (*pack)(const Window&, const Weights&, int together, int channels,
               float* packed);
  Convolve* convolve;
  // The same with one multiply-add after the other, no tile.
  Convolve* convolve_untiled;
  // The same in tiles, with nothing else that makes it faster.
  Convolve* convolve_in_small_tiles;
  // The same for one image whose output channels lie in lanes: its
  // weights are what pack() makes of them with `together` = L.
  Convolve* convolve_single;
  // finish alone, on a whole map of C channels.
  void (*finish)(int C, Map input, const Finish&, Map output, Map winners);
  // The backward pass of finish: how the loss changes with each input.
  // winners: as above; where the window is 1, the output.
  // channel_sums: C cells for the sums over (y, x) (4.8), or null.
  void (*finish_backward)(int C, Map grad_output, const Finish&,
                          Map winners, Map grad_input, float* channel_sums);
  // A block's share of grad_weight (C_out, C_in, K, K) (4.9): added to it,
  // or put there if not `add`. One map for each group of L images.
  // `scratch` holds scratch_cells() of 16 floats.
  void (*convolve_parameters)(const Window&, const Map* grad_output,
                              const Map* input, bool tiled, bool add,
                              float* scratch, float* grad_weight);
  // The same for K = 1 on 1 x 1 maps: a dense layer (4.4).
  void (*dense_parameters)(const Window&, const Map* grad_output,
                           const Map* input, bool add, float* scratch,
                           float* grad_weight);
  // The same for grad_bias (C), from what finish_backward() left for each
  // group.
  void (*bias_gradient)(int C, const float* const* channel_sums, bool add,
                        float* grad_bias);

  // Of each channel of a map (C, H, W), in 2 C cells: the sums of the
  // distances of its numbers to its first one, and of their squares.
  void (*look)(int C, int H, int W, Map input, float* sums);
  // finish, after each number x of channel c has become
  // (x - centre[c]) scale[c] + shift[c]. Its window is 1 or 2, and so is
  // its stride. winners: here the numbers x that won, NaN where ReLU made
  // them 0.
  void (*finish_scaled)(int C, Map input, const Factors&, const Finish&,
                        Map output, Map winners);
  // With g the gradient of that, which comes through finish: for each
  // channel the sums of g and of g (x - centre), in 2 C cells.
  void (*look_back)(int C, int H, int W, Map grad_output, const Finish&,
                    Map winners, Map input, const Factors&, float* sums);
  // grad_input = (g - mean - (x - centre) lean) scale, and its sums.
  void (*finish_scaled_backward)(int C, int H, int W, Map grad_output,
                                 const Finish&, Map winners, Map input,
                                 const Factors&, Map grad_input,
                                 float* channel_sums);
};

// How many cells of scratch convolve() needs.
constexpr int row_scratch(int window, int columns) {
  return 16 * window * (columns + 1);
}
// The same if it takes fewer products, t tiles at a time: V (16, C_in, t),
// M (16, C_out, t) and Y (4, t). C is the more of the channels, and t at
// most winograd_cells / (16 C L) + 4, and at most 14. Each map is rounded
// up to an odd number of cache lines, by less than 8 cells.
constexpr int winograd_cells = 1 << 15;
constexpr int winograd_scratch(int C) {
  return 2 * (winograd_cells / 4 + 64 * C + 16 * 8) + 56;
}
// What convolve_parameters() then needs, in cells of 16 floats, where t is
// at most 32 or a row: V (4, t, C_in), G (4, C_out, t) and sums (4, C_out,
// C_in), rounded up alike, and what may be read behind them.
constexpr int winograd_scratch_back(const Window& it) {
  return 4 * ((it.W_out / 2 + 32) * (it.C_in + 7 + it.C_out) +
              it.C_in * it.C_out + 24) +
         16;
}

// All that this program was built with, narrowest first.
const std::vector<const Kernels*>& all_kernels();

// "auto": the widest that this CPU runs. Throws std::invalid_argument for
// an unknown name or one that this CPU cannot run.
const Kernels& kernels_for(const std::string& isa);

}  // namespace cnn
