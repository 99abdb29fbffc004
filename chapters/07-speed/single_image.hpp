// Runs one image at a time, as a page to draw on needs it. With an image in
// each lane, 15 of 16 lanes would idle; here channels lie in lanes.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "07-speed/fast_network.hpp"

namespace cnn {

class SingleImage {
 public:
  // Copies the current weights of convolutions and dense layers, and what
  // is folded into them. Other layers go on reading their parameters in the
  // network, which must outlive this.
  explicit SingleImage(const FastNetwork& network)
      : kernels_(network.kernels()),
        L_(kernels_.lanes),
        image_(network.image()),
        stages_(packed(network.stages())),
        pass_(in_lanes(), kernels_, kernels_.convolve_single),
        block_(pass_.stages(), L_, L_),
        scratch_(static_cast<std::size_t>(L_) *
                 scratch_cells(pass_.stages(), false)),
        logits_(
            static_cast<std::size_t>(stages_.back().result().numbers())) {
    std::size_t most = 1;
    for (const Stage& stage : stages_)
      most = std::max({most, cells(stage.input), cells(stage.result())});
    flat_ = slice_in_ = slice_out_ = AlignedFloats(most);
  }

  // image (C, H, W) -> logits, valid until the next call.
  std::span<const float> logits(std::span<const float> image) {
    const int numbers = static_cast<int>(image.size());
    if (numbers != element_count(image_))
      require_shape({numbers}, {element_count(image_)}, "SingleImage",
                    "image");
    const float* pixel = image.data();
    const int border = stages_[0].border;
    for_numbers(stages_[0].input,
                block_.value(0, 0).from(border, border, L_),
                [&](float& number) { number = *pixel++; });
    for (std::size_t i = 0; i < stages_.size(); ++i) forward(i);
    return logits_;
  }

 private:
  // How many maps of L channels a map of C channels needs.
  int groups(int C) const { return (C + L_ - 1) / L_; }
  // How many floats a map takes in that form.
  std::size_t cells(const MapSize& size) const {
    return static_cast<std::size_t>(groups(size.C) * L_ * size.H * size.W);
  }
  // Number (c, y, x) of a map whose channels lie in lanes.
  float& at(const Map& map, int c, int y, int x) const {
    return map.cell(c / L_, y, x, L_)[c % L_];
  }
  // Calls visit(number) for all numbers of such a map. What lanes without
  // a channel hold is never used, here or elsewhere.
  template <class Visit>
  void for_numbers(const MapSize& size, const Map& map,
                   const Visit& visit) const {
    for (int c = 0; c < size.C; ++c)
      for (int y = 0; y < size.H; ++y)
        for (int x = 0; x < size.W; ++x) visit(at(map, c, y, x));
  }

  // ---- Before the first image ------------------------------------------

  // Packs the weights and biases of all stages. Where the next layer only
  // scales and shifts each channel, it is folded into them and dropped.
  // (C_out, C_in, K, K) -> L output channels in lanes, in pack()'s order
  Stages packed(Stages stages) {
    for (std::size_t i = 0; i < stages.size(); ++i) {
      weights_.emplace_back(std::size_t{1});
      biases_.emplace_back(std::size_t{1});
      const Products* products = stages[i].products();
      if (!products) continue;
      const Window& window = products->window;
      const int C_out = window.C_out;
      std::vector<float> scale(static_cast<std::size_t>(C_out), 1.0f);
      std::vector<float> shift(static_cast<std::size_t>(C_out), 0.0f);
      if (folds_next(stages, i, scale, shift)) {
        stages[i].finish = stages[i + 1].finish;
        drop(stages, i + 1);
      }
      const int taps = window.C_in * window.K * window.K;
      Window in_vectors = window;
      in_vectors.C_out = groups(C_out);
      weights_[i] = AlignedFloats(
          static_cast<std::size_t>(packed_numbers(in_vectors) * L_));
      biases_[i] = AlignedFloats(cells({C_out}));
      std::vector<float> scaled(products->weight->value.data().begin(),
                                products->weight->value.data().end());
      float* weight = scaled.data();
      for (std::size_t c = 0; c < scale.size(); ++c) {
        biases_[i].data()[c] =
            products->bias->value.data()[c] * scale[c] + shift[c];
        for (int tap = 0; tap < taps; ++tap) *weight++ *= scale[c];
      }
      kernels_.pack(in_vectors,
                    {scaled.data(), taps, window.K * window.K, 1}, L_,
                    C_out, weights_[i].data());
    }
    return stages;
  }
  // Whether stage i + 1 folds into stage i, and by which factors.
  static bool folds_next(const Stages& stages, std::size_t i,
                         std::vector<float>& scale,
                         std::vector<float>& shift) {
    const Finish& finish = stages[i].finish;
    if (finish.relu || finish.window > 1 || finish.stride > 1 ||
        stages[i].add >= 0 || is_flattened(stages, i + 1))
      return false;
    for (const Stage& stage : stages)
      if (stage.takes(static_cast<int>(i) + 1)) return false;
    if (const ChannelLayer* layer = stages[i + 1].scaled()) {
      ChannelFactors by(scale.size());
      layer->inference_factors(by);
      scale = by.scale, shift = by.shift;
      for (std::size_t c = 0; c < scale.size(); ++c)
        shift[c] -= by.centre[c] * scale[c];
      return true;
    }
    const SliceLayer* layer = stages[i + 1].sliced();
    return layer && layer->folds(scale, shift);
  }
  // Removes stage i, folded into the one before, which takes over its skip.
  static void drop(Stages& stages, std::size_t i) {
    stages[i - 1].add = stages[i].add;
    stages.erase(stages.begin() + static_cast<std::ptrdiff_t>(i));
    for (Stage& stage : stages) {
      if (stage.add > static_cast<int>(i)) --stage.add;
      auto* rewind = std::get_if<Rewind>(&stage.work);
      if (rewind && rewind->mark > static_cast<int>(i)) --rewind->mark;
    }
  }
  // The stages as the kernels see them, where L channels count as one.
  Stages in_lanes() const {
    Stages stages = stages_;
    for (Stage& stage : stages) {
      stage.input.C = groups(stage.input.C);
      if (auto* products = std::get_if<Products>(&stage.work))
        products->window.C_out = groups(products->window.C_out);
      if (auto* rewind = std::get_if<Rewind>(&stage.work))
        rewind->C = groups(rewind->C);
    }
    return stages;
  }

  // ---- Image after image -----------------------------------------------

  // Whether stage i reads the map before it as a row of numbers. So does
  // the caller of logits(), after the last stage.
  static bool is_flattened(const Stages& stages, std::size_t i) {
    return i == stages.size() || stages[i].input != stages[i - 1].result();
  }
  void forward(std::size_t i) {
    const MapSize size = stages_[i].result();
    const bool flatten = is_flattened(stages_, i + 1);
    const Map next = block_.value(i + 1, 0);
    const Map output = flatten
                           ? Map{flat_.data(), size.H * size.W, size.W, 1}
                           : pass_.output_map(i, next);
    if (const ChannelLayer* channels = stages_[i].scaled()) {
      forward_scaled(*channels, i, output);
      pass_.add_skip(block_, i, 0, output);
    } else if (const SliceLayer* layer = stages_[i].sliced()) {
      forward_slice(*layer, size, block_.value(i, 0), output);
      pass_.add_skip(block_, i, 0, output);
    } else {
      pass_.forward_stage(block_, scratch_.data(), i, 0,
                          {.packed = weights_[i].data()}, biases_[i].data(),
                          output);
    }
    if (!flatten) return;
    float* to = i + 1 == stages_.size() ? logits_.data() : next.cells;
    for_numbers(size, output, [&](float number) { *to++ = number; });
  }
  // Scales channels that could not be folded.
  void forward_scaled(const ChannelLayer& layer, std::size_t i,
                      const Map& output) {
    const auto [C, H, W] = stages_[i].input;
    ChannelFactors by(static_cast<std::size_t>(C));
    layer.inference_factors(by);
    const Map scaled{slice_in_.data(), H * W, W, 1};
    const Map input = block_.value(i, 0);
    for (int c = 0; c < C; ++c) {
      const auto k = static_cast<std::size_t>(c);
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
          at(scaled, c, y, x) =
              (at(input, c, y, x) - by.centre[k]) * by.scale[k] +
              by.shift[k];
    }
    kernels_.finish(groups(C), scaled, stages_[i].finish, output, Map{});
  }
  // Runs a layer on a slice of one lane, whose numbers lie in a row.
  void forward_slice(const SliceLayer& layer, const MapSize& size,
                     const Map& input, const Map& output) {
    Slice in{size, 1, 1}, out = in;
    in.groups.fill({slice_in_.data(), size.H * size.W, size.W, 1});
    out.groups.fill({slice_out_.data(), size.H * size.W, size.W, 1});
    float* cell = slice_in_.data();
    for_numbers(size, input, [&](float number) { *cell++ = number; });
    layer.forward(in, out, Mode::evaluation);
    cell = slice_out_.data();
    for_numbers(size, output, [&](float& number) { number = *cell++; });
  }

  const Kernels& kernels_;
  int L_;
  Shape image_;
  std::vector<AlignedFloats> weights_, biases_;
  Stages stages_;
  Pass pass_;
  Block block_;
  AlignedFloats scratch_;
  std::vector<float> logits_;
  AlignedFloats flat_, slice_in_, slice_out_;
};

}  // namespace cnn
