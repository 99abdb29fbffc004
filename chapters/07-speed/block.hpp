// The memory for 16 images on their way through the stages and back.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "07-speed/plan.hpp"

namespace cnn {

// Floats that begin at a multiple of 64 bytes, 0 where nothing was written.
class Block {
 public:
  Block(const Stages& stages, int lanes);

  // Each for one of the 16 / L groups of images. `stages.size()` stands for
  // the last output. With the border, its origin in the corner.
  Map value(std::size_t stage, int group) {
    return map(values_[stage], group);
  }
  Map gradient(std::size_t stage, int group) {
    return map(gradients_[stage], group);
  }
  // Which cell won each window; empty where a window is one cell.
  Map winners(std::size_t stage, int group) {
    return map(winners_[stage], group);
  }
  // What finish_backward() leaves, with a border of K - 1; may lie in the
  // gradient of the next stage.
  Map unfinished(std::size_t stage, int group) {
    return map(unfinished_[stage], group);
  }
  void clear_gradient(std::size_t stage);
  // Of finish_backward(), for one stage at a time.
  float* channel_sums(int group) { return map(sums_, group).cells; }
  Scratch scratch() { return {numbers_.data() + scratch_, taps_.data()}; }
  // Room for an image that somebody makes for a slot.
  std::span<float> room(int slot, std::size_t numbers);

 private:
  struct Region {
    std::size_t first = 0, cells = 0;
    int plane = 0, row = 0;
  };
  Region region(const MapSize& size, int border);
  Region unfinished_region(const Stages& stages, std::size_t i);
  Map map(const Region& region, int group);

  int lanes_;
  std::size_t size_ = 0, scratch_ = 0;
  Region sums_;
  std::vector<Region> values_, gradients_, winners_, unfinished_;
  AlignedFloats numbers_;
  std::vector<Tap> taps_;
  std::vector<float> room_;
};

}  // namespace cnn
