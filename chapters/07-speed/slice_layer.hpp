// The interface of a layer that the kernels cannot compute as sums of
// products: one that draws random masks, or has to see the whole batch
// before it can answer for any image of it.
// Book: book/07-speed.md
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "06-training/layer.hpp"
#include "07-speed/kernels.hpp"

namespace cnn {

// The size of an image between two layers: a map without a border.
struct MapSize {
  int C = 1, H = 1, W = 1;

  int numbers() const { return C * H * W; }
  friend bool operator==(const MapSize&, const MapSize&) = default;
};

// A block's share of a batch between two layers: 16 slots, the first
// `images` of which hold an image. The others hold zeros.
struct Slice {
  MapSize size;
  int lanes = 1;   // L
  int images = 0;  // how many slots hold one
  int first = 0;   // which image of the batch is in slot 0
  std::array<Map, block_images> groups = {};  // one for each L slots

  // Cell (c, y, x) of a group: L floats, one for each of its L slots.
  float* cells(int group, int c, int y, int x) const {
    return groups[static_cast<std::size_t>(group)].cell(c, y, x, lanes);
  }
  float& at(int slot, int c, int y, int x) const {
    return cells(slot / lanes, c, y, x)[slot % lanes];
  }
};

class SliceLayer {
 public:
  virtual ~SliceLayer() = default;

  // Takes its parameters from the network's, beginning with `first`, and
  // returns how many it took.
  virtual std::size_t attach(Parameter<>* const* /*first*/) { return 0; }

  // How many sums over the whole batch forward() needs. If any, add_sums()
  // adds a block's share to `sums`, which are 0 before, the shares are
  // added up in the order of the blocks, and set_sums() gets the result.
  virtual int sums(const Mode&) const { return 0; }
  virtual void add_sums(const Slice& /*input*/, double* /*sums*/) const {}
  virtual void set_sums(const double* /*sums*/, int /*images*/,
                        const Mode&) {}
  // Called for the blocks in any order, by several threads at once.
  virtual void forward(const Slice& input, const Slice& output,
                       const Mode& mode) const = 0;

  // The same backward. `gradient` holds the gradients of this layer's
  // parameters in a row, and a block's share is added to them.
  virtual int sums_back(const Mode&) const { return 0; }
  virtual void add_backward_sums(const Slice& /*input*/,
                                 const Slice& /*grad_output*/,
                                 double* /*sums*/) const {}
  virtual void set_backward_sums(const double* /*sums*/, int /*images*/) {}
  virtual void backward(const Slice& input, const Slice& grad_output,
                        const Slice& grad_input, const Mode& mode,
                        float* gradient) const = 0;

  // Whether, when not learning, it only multiplies each channel by scale[c]
  // and adds shift[c], which it fills in: the weights before can do that.
  virtual bool folds(std::vector<float>& /*scale*/,
                     std::vector<float>& /*shift*/) const {
    return false;
  }
};

}  // namespace cnn
