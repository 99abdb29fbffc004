// This chapter's inner loops, as functions that a program chooses when it
// starts: kernels.cpp is compiled once for each instruction set, and each
// CPU gets the widest one that it can run.
//
// All kernels work on L images side by side. One cell is L floats: the same
// pixel of L images. Sizes and distances are given in cells.
// Book: book/07-speed.md
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cnn {

// Floats aligned to 64 bytes, which is what the widest lanes need.
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

// While this number stays, the same settings give the same bits. Version 2:
// 3 x 3 kernels with stride 1 and a padding of at most 1, between 16 or
// more channels, take fewer products. (A recipe does not hold winograd_from
// of FastOptions, so another default needs another version.)
constexpr int engine_version = 2;

// The images of a block: their gradients are added up together, in an order
// that does not depend on L. A block is 16 / L groups of L images.
constexpr int block_images = 16;

// Where a map (C, H, W) lies in memory.
struct Map {
  float* cells = nullptr;
  int plane = 0, row = 0, column = 1;

  // The L floats of cell (c, y, x). Always inlined, as Weights::at() is, or
  // the linker might give the whole program a copy that was compiled for
  // one instruction set.
  [[gnu::always_inline]] float* cell(int c, int y, int x, int L) const {
    return cells +
           static_cast<std::ptrdiff_t>(c * plane + y * row + x * column) *
               L;
  }
  // The same map with its origin moved by y rows and x columns.
  [[gnu::always_inline]] Map from(int y, int x, int L) const {
    return {cell(0, y, x, L), plane, row, column};
  }
};

// Where weights lie: weight(co, ci, ky, kx) is first[co to_co + ci to_ci +
// (ky K + kx) to_tap]. With to_tap = -1 the taps are walked backwards.
struct Weights {
  const float* first = nullptr;
  int to_co = 0, to_ci = 0, to_tap = 1;
  const float* packed = nullptr;  // the same weights, by Kernels::pack

  [[gnu::always_inline]] float at(int co, int ci, int tap) const {
    return first[co * to_co + ci * to_ci + tap * to_tap];
  }
};

// The sizes of a convolution, whose input includes its border.
struct Window {
  int C_in = 1, C_out = 1, K = 1, stride = 1;
  int H_out = 1, W_out = 1;
  int top = 0, bottom = 1;  // input rows outside [top, bottom) are 0
  bool winograd = false;    // true: fewer products, by winograd.hpp
  int right = 1 << 30;      // input columns from here on are 0
  bool dense = false;       // a dense layer: K = 1, on maps of 1 x 1
};

// How many weights Kernels::pack writes, of `together` numbers each.
constexpr int packed_numbers(const Window& it) {
  return it.C_out * it.C_in * (it.winograd ? 16 : it.K * it.K);
}

// What happens to each window of cells at the end of a stage: its largest
// number or its mean, then ReLU. A window of 1 leaves only the ReLU.
struct Finish {
  bool relu = false, average = false;
  bool add = false;  // true: add to the output; false: overwrite it
  int window = 1, stride = 1;
  int H_out = 1, W_out = 1;  // the size of the output
  int border = 0;            // around the input; windows may reach into it
  float* sums = nullptr;  // if not null, gets sum_channels() of the output
};

// The numbers of ChannelFactors (channel_layer.hpp), C of each.
struct Factors {
  const float *centre, *scale, *shift, *mean, *lean;
};

// output = finish(bias + sum of weight times input), by (2.3). A null bias
// counts as 0. winners: for each window the number of the cell that won, or
// -1 if ReLU made it 0; not written if winners.cells is null. `rows`:
// scratch memory of scratch_cells() cells (block.hpp).
using Convolve = void(const Window&, Map input, const Weights&,
                      const float* bias, const Finish&, Map output,
                      Map winners, float* rows);

struct Kernels {
  const char* name;
  int lanes;              // L
  bool (*runs)();         // whether this CPU can run them
  double (*peak)(int n);  // runs n thousand rounds of independent
                          // multiply-adds, returns the number of FLOP

  // Writes the weights of a layer in the order in which convolve() reads
  // them. A weight is `together` numbers, of as many output channels: 1, or
  // L where channels lie in lanes. Channels from `channels` on get 0.
  void (*pack)(const Window&, const Weights&, int together, int channels,
               float* packed);
  Convolve* convolve;
  // The same with one sum at a time, from weights that are not packed.
  Convolve* convolve_untiled;
  // The same in tiles, but without any other refinement.
  Convolve* convolve_in_small_tiles;
  // The same for one image whose channels lie in lanes. The bias, too, is
  // in lanes, and pack() is called with `together` = L.
  Convolve* convolve_single;
  // A Finish by itself, on a whole map of C channels.
  void (*finish)(int C, Map input, const Finish&, Map output, Map winners);
  // The backward pass of finish(). winners: as above, but for a window of 1
  // the output. channel_sums: C cells for the sums over (y, x) that
  // bias_gradient() needs (4.8), or null.
  void (*finish_backward)(int C, Map grad_output, const Finish&,
                          Map winners, Map grad_input, float* channel_sums);
  // A block's share of grad_weight (C_out, C_in, K, K), by (4.9) or, if
  // dense, (4.4), which is added if `add` and otherwise overwrites. Maps:
  // one for each group of L images. scratch: scratch_cells() cells, of 16
  // floats each.
  void (*convolve_parameters)(const Window&, const Map* grad_output,
                              const Map* input, bool tiled, bool add,
                              float* scratch, float* grad_weight);
  // The same for grad_bias (C), from what finish_backward() left as the
  // channel_sums of each group.
  void (*bias_gradient)(int C, const float* const* channel_sums, bool add,
                        float* grad_bias);

  // For each channel of a map (C, H, W), with d a number minus the first of
  // its channel: the sums of d, then those of d^2, in 2 C cells.
  void (*sum_channels)(int C, int H, int W, Map input, float* sums);
  // finish(), after each number x of channel c has become
  // (x - centre[c]) scale[c] + shift[c]. Window and stride are both 1 or
  // both 2. winners: if 2, the x that won, or NaN where ReLU made it 0.
  void (*finish_scaled)(int C, Map input, const Factors&, const Finish&,
                        Map output, Map winners);
  // With g the gradient of the scaled numbers, passed back through
  // finish(): each channel's sums of g and of g (x - centre), in 2 C cells.
  void (*sum_channels_backward)(int C, int H, int W, Map grad_output,
                                const Finish&, Map winners, Map input,
                                const Factors&, float* sums);
  // grad_input = (g - mean - (x - centre) lean) scale, and its sums.
  void (*finish_scaled_backward)(int C, int H, int W, Map grad_output,
                                 const Finish&, Map winners, Map input,
                                 const Factors&, Map grad_input,
                                 float* channel_sums);
};

// How many cells of scratch memory convolve() needs.
constexpr int row_scratch(int window, int columns) {
  return 16 * window * (columns + 1);
}
// The same for `winograd`, t tiles at a time: V (16, C_in, t),
// M (16, C_out, t) and Y (4, t). C is the larger of C_in and C_out, and t
// at most winograd_cells / (16 C L) + 4, and at most 14. Each map is
// rounded up to an odd number of cache lines, by less than 8 cells.
constexpr int winograd_cells = 1 << 15;
constexpr int winograd_scratch(int C) {
  return 2 * (winograd_cells / 4 + 64 * C + 16 * 8) + 56;
}
// What convolve_parameters() then needs, in cells of 16 floats, for t
// tiles, at most 32 or one row: V (4, t, C_in), G (4, C_out, t) and sums
// (4, C_out, C_in), rounded up as above, and what may be read after them.
constexpr int winograd_scratch_back(const Window& it) {
  return 4 * ((it.W_out / 2 + 32) * (it.C_in + 7 + it.C_out) +
              it.C_in * it.C_out + 24) +
         16;
}

// One for each instruction set of this build, narrowest first.
const std::vector<const Kernels*>& all_kernels();

// "auto" is the widest that this CPU runs. Throws std::invalid_argument for
// an unknown name or one that this CPU cannot run.
const Kernels& kernels_for(const std::string& isa);

}  // namespace cnn
