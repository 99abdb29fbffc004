// The memory for 16 images on their way forward and backward.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "07-speed/plan.hpp"

namespace cnn {

// How many cells of scratch memory the kernels need: of L floats each for
// the forward pass, of 16 if `backward`.
inline std::size_t scratch_cells(const Stages& stages, bool backward) {
  int cells = 1;
  for (const Stage& stage : stages) {
    if (!stage.products()) continue;
    const Window& window = stage.products()->window;
    const int C_in = stage.input.C, C_out = window.C_out;
    const int columns =
        std::max({stage.input.H, stage.input.W, window.W_out});
    cells = std::max(cells, row_scratch(stage.finish.window, columns));
    if (window.winograd)
      cells = std::max(cells, winograd_scratch(std::max(C_in, C_out)));
    if (backward && window.winograd)
      cells = std::max(cells, winograd_scratch_back(window));
    if (backward)
      cells = std::max({cells, 2 * C_in + C_out + 48,
                        block_images * window.K * window.K});
  }
  return static_cast<std::size_t>(cells);
}

// The maps of a block. What was never written is 0, or border_value.
class Block {
 public:
  // images: a multiple of L.
  Block(const Stages& stages, int lanes, int images = block_images)
      : lanes_(lanes), images_(static_cast<std::size_t>(images)) {
    int channels = 1;
    for (const Stage& stage : stages) {
      const MapSize input = stage.input, out = stage.result();
      const bool pools = stage.finish.window > 1;
      values_.push_back(region(input, stage.border, stage.beyond));
      gradients_.push_back(region(input, stage.border, stage.beyond));
      winners_.push_back(region(pools ? out : MapSize{0, 0, 0}, 0));
      channels = std::max({channels, input.C, out.C});
    }
    const MapSize last{stages.back().result().numbers()};
    values_.push_back(region(last, 0));
    gradients_.push_back(region(last, 0));
    for (std::size_t i = 0; i < stages.size(); ++i)
      unfinished_.push_back(unfinished_region(stages, i));
    sums_ = region({2 * channels}, 0);
    // Memory that the last tiles may read.
    region({1, 1, longest_row_ + 1}, 0);
    transient_region({1, 1, longest_row_ + 1});
    numbers_ = AlignedFloats(size_);
    for (std::size_t i = 0; i < stages.size(); ++i)
      if (stages[i].border_value != 0.0f)
        std::fill_n(numbers_.data() + values_[i].first,
                    values_[i].cells * images_, stages[i].border_value);
  }

  // The maps of one group of L images that enter `stage`, or leave the last
  // one for stages.size(). Their origin is the corner of the border.
  Map value(std::size_t stage, int group) {
    return map(values_[stage], group);
  }
  Map gradient(std::size_t stage, int group) {
    return map(gradients_[stage], group);
  }
  // Which cell won each window, or which number where channels are scaled.
  // Takes no memory if a window is one cell.
  Map winners(std::size_t stage, int group) {
    return map(winners_[stage], group);
  }
  // What finish_backward() leaves, with a border of K - 1. It may lie in
  // the gradient of a later stage; if not, in `memory`, transient() floats
  // of a worker, because no block keeps it.
  Map unfinished(std::size_t stage, int group, float* memory) {
    return map(unfinished_[stage], group, memory);
  }
  std::size_t transient() const { return transient_; }
  // Sums of each channel, for one stage at a time: C cells that
  // finish_backward() leaves, or 2 C of sum_channels() or its backward
  // form.
  float* sums(int group) { return map(sums_, group).cells; }
  // Memory for `numbers` floats of one slot, for callers that need some.
  std::span<float> room(int slot, std::size_t numbers) {
    room_.resize(numbers * images_);
    return std::span(room_).subspan(
        static_cast<std::size_t>(slot) * numbers, numbers);
  }

 private:
  struct Region {
    std::size_t first = 0, cells = 0;
    int plane = 0, row = 0;
    bool transient = false;
  };
  Region region(const MapSize& size, int border, int beyond = 0) {
    const int row = size.W + 2 * border + beyond;
    const int plane = row * (size.H + 2 * border + beyond);
    longest_row_ = std::max(longest_row_, row);
    const auto C = static_cast<std::size_t>(size.C);
    const Region made{size_, C * static_cast<std::size_t>(plane), plane,
                      row};
    size_ += made.cells * images_;
    return made;
  }
  // If the cells stay where they are and the borders fit, a gradient is
  // changed in place, which saves memory. (A pool's gradient may have a
  // border that is not 0.)
  Region unfinished_region(const Stages& stages, std::size_t i) {
    const Stage& stage = stages[i];
    if (!stage.products()) return {};
    const Window& window = stage.products()->window;
    std::size_t after = i + 1;
    if (after + 1 < stages.size() && stages[after].scaled() &&
        stages[after].finish.window == 1 && stages[after].add < 0)
      ++after;
    if (after < stages.size()) {
      const Stage& next = stages[after];
      if (stage.finish.window == 1 && window.stride == 1 &&
          next.products() && next.border == window.K - 1 - stage.border &&
          next.input.C == window.C_out && next.input.W == window.W_out) {
        Region in_place = gradients_[after];  // but with a wider border
        in_place.first -= static_cast<std::size_t>(
            stage.border * (in_place.row + 1) * lanes_);
        return in_place;
      }
    }
    const auto [C, H, W] = stage.input;
    const int wider = 2 * stage.border + window.K - 1;
    return transient_region({window.C_out, H + wider, W + wider});
  }
  Region transient_region(const MapSize& size) {
    std::swap(size_, transient_);
    Region made = region(size, 0);
    std::swap(size_, transient_);
    made.transient = true;
    return made;
  }
  Map map(const Region& region, int group, float* transient = nullptr) {
    const std::size_t skip =
        region.cells * static_cast<std::size_t>(group * lanes_);
    return {(region.transient ? transient : numbers_.data()) +
                region.first + skip,
            region.plane, region.row};
  }

  int lanes_;
  std::size_t images_, size_ = 0, transient_ = 0;
  int longest_row_ = 0;
  Region sums_;
  std::vector<Region> values_, gradients_, winners_, unfinished_;
  AlignedFloats numbers_;
  std::vector<float> room_;
};

}  // namespace cnn
