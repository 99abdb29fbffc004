// Dropout for chapter 07's engine: the same masks, for a block of images at
// a time.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "07-speed/slice_layer.hpp"
#include "12-generalization/dropout_mask.hpp"

namespace cnn {

class DropoutSlice : public SliceLayer {
 public:
  DropoutSlice(double p, std::uint64_t seed) : p_(p), seed_(seed) {
    require_dropout(p);
  }

  void forward(const Slice& input, const Slice& output,
               const Mode& mode) const override {
    const auto [C, H, W] = input.size;
    const DropoutMask mask(p_, seed_, mode.step);
    std::uint64_t images[block_images] = {};
    for (int slot = 0; slot < input.images; ++slot)
      images[slot] = mask.of_image(input.first + slot);
    int cell = 0;
    for (int c = 0; c < C; ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x, ++cell)
          for (int first = 0; first < input.images; first += input.lanes) {
            const int group = first / input.lanes;
            const float* from = input.cells(group, c, y, x);
            float* to = output.cells(group, c, y, x);
            const int here = std::min(input.lanes, input.images - first);
            for (int i = 0; i < here; ++i)
              to[i] = mode.learns ? from[i] * mask.factor<float>(
                                                  images[first + i], cell)
                                  : from[i];
          }
  }
  void backward(const Slice&, const Slice& grad_output,
                const Slice& grad_input, const Mode& mode,
                float*) const override {
    forward(grad_output, grad_input, mode);
  }
  // In evaluation dropout changes nothing: the scale stays 1, the shift 0.
  bool folds(std::vector<float>&, std::vector<float>&) const override {
    return true;
  }

 private:
  double p_;
  std::uint64_t seed_;
};

}  // namespace cnn
