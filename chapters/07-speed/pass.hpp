// One block of 16 images through the stages, there and back.
#pragma once

#include <cstddef>

#include "07-speed/block.hpp"

namespace cnn {

// Which part of a batch a block holds, and what for.
struct Share {
  int first = 0, images = 0;  // from slot 0 on
  Mode mode;
};

class Pass {
 public:
  // The stages must outlive it.
  Pass(const Stages& stages, const Kernels& kernels, bool tiled);

  // images: one for each slot, null for none (zeros).
  void load(Block& block, const float* const* images) const;
  // Stages begin to end - 1.
  void forward(Block& block, std::size_t begin, std::size_t end,
               const Share& share) const;
  // From stage end - 1 to begin; `last` is the stage where the way back of
  // the whole began. Fills in `gradient`, where all parameters' gradients
  // lie in a row, or adds to it.
  void backward(Block& block, std::size_t end, std::size_t begin,
                std::size_t last, const Share& share, bool add,
                float* gradient, bool want_grad_input) const;

  // What stage i gets and gives, as a SliceLayer sees it.
  struct Slices {
    Map input[block_images], grad_input[block_images];
    Map output[block_images], grad_output[block_images];
  };
  Slices slices(Block& block, std::size_t i) const;
  Slice slice(const Map* groups, const MapSize& size,
              const Share& share) const;

 private:
  Map output_map(std::size_t i, Map next) const;
  void forward_stage(Block& block, std::size_t i, int group) const;
  void add_skip(Block& block, std::size_t i, int group,
                const Map& output) const;
  void forward_slice(Block& block, std::size_t i, const Share& share) const;
  void backward_slice(Block& block, std::size_t i, const Share& share,
                      bool add, float* gradient) const;
  void backward_products(Block& block, std::size_t i, bool add,
                         float* gradient, bool want_grad_input) const;
  void backward_input(Block& block, std::size_t i) const;
  void add_map(const MapSize& size, Map from, Map to) const;
  void clear_empty(const Map* groups, const MapSize& size,
                   const Share& share) const;

  const Stages& stages_;
  const Kernels& kernels_;
  decltype(Kernels::convolve) convolve_;
  bool tiled_;
  int L_, groups_;
};

}  // namespace cnn
