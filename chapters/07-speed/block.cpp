#include "07-speed/block.hpp"

#include <algorithm>

namespace cnn {

Block::Region Block::region(const MapSize& size, int border) {
  const int row = size.W + 2 * border;
  const int plane = row * (size.H + 2 * border);
  const Region made{
      size_,
      static_cast<std::size_t>(size.C) * static_cast<std::size_t>(plane),
      plane, row};
  size_ += made.cells * block_images;
  return made;
}

// If nothing moves and the border is the same, a gradient is changed where
// it is, which spares the memory. (The border of a pool's gradient is not
// always 0.)
Block::Region Block::unfinished_region(const Stages& stages,
                                       std::size_t i) {
  const Stage& stage = stages[i];
  if (!stage.products()) return {};
  const Window& window = stage.products()->window;
  if (i + 1 < stages.size()) {
    const Stage& next = stages[i + 1];
    if (stage.finish.window == 1 && window.stride == 1 && next.products() &&
        next.border == window.K - 1 - stage.border &&
        next.input.C == window.C_out && next.input.W == window.W_out) {
      Region there = gradients_[i + 1];  // its origin is farther in
      there.first -=
          static_cast<std::size_t>(stage.border * (there.row + 1) * lanes_);
      return there;
    }
  }
  const auto [C, H, W] = stage.input;
  const int wider = 2 * stage.border + window.K - 1;
  return region({window.C_out, H + wider, W + wider}, 0);
}

Block::Block(const Stages& stages, int lanes) : lanes_(lanes) {
  int rows = 1, taps = 1, channels = 1;
  for (const Stage& stage : stages) {
    values_.push_back(region(stage.input, stage.border));
    gradients_.push_back(region(stage.input, stage.border));
    winners_.push_back(region(
        stage.finish.window > 1 ? stage.result() : MapSize{0, 0, 0}, 0));
    const int K = stage.K(), C = stage.result().C;
    const int most = std::max(stage.input.C, C);
    int columns = std::max(stage.input.H, stage.input.W);
    if (stage.products())
      columns = std::max(columns, stage.products()->window.W_out);
    const bool dense = std::holds_alternative<Multiply>(stage.work);
    rows =
        std::max({rows, row_scratch(stage.finish.window, columns),
                  dense ? stage.input.C + C + 32 : block_images * K * K});
    taps = std::max(taps, most * K * K);
    channels = std::max(channels, most);
  }
  const Shape& output = stages.back().output;
  const MapSize last{element_count(output) / output[0], 1, 1};
  values_.push_back(region(last, 0));
  gradients_.push_back(region(last, 0));
  for (std::size_t i = 0; i < stages.size(); ++i)
    unfinished_.push_back(unfinished_region(stages, i));
  sums_ = region({channels, 1, 1}, 0);
  scratch_ = region({rows, 1, 1}, 0).first;
  numbers_ = AlignedFloats(size_);
  taps_.resize(static_cast<std::size_t>(taps));
  for (std::size_t i = 0; i < stages.size(); ++i)
    if (stages[i].border_value != 0.0f)
      std::fill_n(numbers_.data() + values_[i].first,
                  values_[i].cells * block_images, stages[i].border_value);
}

Map Block::map(const Region& region, int group) {
  const std::size_t skip =
      region.cells * static_cast<std::size_t>(group * lanes_);
  return {numbers_.data() + region.first + skip, region.plane, region.row,
          1};
}

void Block::clear_gradient(std::size_t stage) {
  const Region& region = gradients_[stage];
  std::fill_n(numbers_.data() + region.first, region.cells * block_images,
              0.0f);
}

std::span<float> Block::room(int slot, std::size_t numbers) {
  if (room_.empty()) room_.resize(numbers * block_images);
  return std::span(room_).subspan(static_cast<std::size_t>(slot) * numbers,
                                  numbers);
}

}  // namespace cnn
