// One image at a time, as a page to draw on needs it. With one image per
// lane 15 of 16 lanes would idle; here the lanes hold output channels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "07-speed/fast_network.hpp"

namespace cnn {

class SingleImage {
 public:
  // Copies the network's parameters into an order of its own: what happens
  // to them afterwards does not show here.
  explicit SingleImage(const FastNetwork& network)
      : stages_(network.stages()),
        kernels_(network.kernels()),
        image_(network.image()) {
    std::size_t rows = 1, taps = 1, map = 1;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      pack(i);
      const Stage& stage = stages_[i];
      const auto [C, H, W] = stage.input;
      const Products* products = stage.products();
      const int columns =
          products ? std::max(products->window.W_out, W) : W;
      values_.emplace_back(cells(stage.input, stage.border),
                           stage.border_value);
      rows = std::max(
          rows,
          cells({1, 1, row_scratch(stage.finish.window, columns)}, 0));
      taps = std::max(taps,
                      static_cast<std::size_t>(C * stage.K() * stage.K()));
      map = std::max(map, cells(stage.result(), 0));
      if (!std::holds_alternative<Sliced>(stage.work)) continue;
      // One image in lanes of images, there and back.
      const auto lanes = static_cast<std::size_t>(kernels_.lanes * C);
      for (AlignedFloats* room : {&slice_in_, &slice_out_})
        *room = AlignedFloats(std::max(
            room->size(), lanes * static_cast<std::size_t>(H * W)));
    }
    rows_ = AlignedFloats(rows);
    taps_.resize(taps);
    flat_ = AlignedFloats(map);
    logits_.resize(
        static_cast<std::size_t>(element_count(stages_.back().output)));
  }

  // image (C, H, W) -> logits, which hold until the next call.
  std::span<const float> logits(std::span<const float> image) {
    const int numbers = static_cast<int>(image.size());
    if (numbers != element_count(image_))
      require_shape({numbers}, {element_count(image_)}, "SingleImage",
                    "image");
    const float* pixel = image.data();
    const Map map = input_of(0);
    for_numbers(stages_[0].input, map,
                [&](float& number) { number = *pixel++; });
    for (std::size_t i = 0; i < stages_.size(); ++i) forward(i);
    return logits_;
  }

 private:
  // How many maps of L channels a map of C channels needs.
  int groups(int C) const {
    return (C + kernels_.lanes - 1) / kernels_.lanes;
  }
  // How many floats a map with a border takes in that form.
  std::size_t cells(const MapSize& size, int border) const {
    return static_cast<std::size_t>(groups(size.C) * kernels_.lanes) *
           static_cast<std::size_t>(size.H + 2 * border) *
           static_cast<std::size_t>(size.W + 2 * border);
  }
  // The map inside its border.
  Map map_in(AlignedFloats& memory, const MapSize& size, int border) const {
    const int row = size.W + 2 * border;
    return Map{memory.data(), (size.H + 2 * border) * row, row, 1}.from(
        border, border, kernels_.lanes);
  }
  Map input_of(std::size_t i) {
    return map_in(values_[i], stages_[i].input, stages_[i].border);
  }
  // Calls visit(cell) for all cells of a map whose channels lie in lanes.
  // Only lanes that hold a channel are read, here as everywhere.
  template <class Visit>
  void for_numbers(const MapSize& size, const Map& map,
                   const Visit& visit) const {
    const int L = kernels_.lanes;
    for (int c = 0; c < size.C; ++c)
      for (int y = 0; y < size.H; ++y)
        for (int x = 0; x < size.W; ++x)
          visit(map.from(y, c / L * map.plane + x, L).cells[c % L]);
  }
  // Whether stage i takes the numbers of the map before it in a row. The
  // caller of logits() does, too.
  bool is_flattened(std::size_t i) const {
    return i == stages_.size() ||
           stages_[i].input != stages_[i - 1].result();
  }

  // The weights and biases of stage i, and what a layer behind it that only
  // scales and shifts each channel makes of them: that stage goes.
  // (C_out, C_in, K, K) -> (C_out / L, C_in, K, K, L)
  void pack(std::size_t i) {
    const Products* products = stages_[i].products();
    weights_.emplace_back();
    biases_.emplace_back();
    if (!products) return;
    const int L = kernels_.lanes, C_out = products->window.C_out;
    std::vector<float> scale(static_cast<std::size_t>(C_out), 1.0f);
    std::vector<float> shift(static_cast<std::size_t>(C_out), 0.0f);
    if (folds_next(i, scale, shift)) drop(i + 1);
    const int taps = stages_[i].input.C * stages_[i].K() * stages_[i].K();
    weights_[i] = AlignedFloats(cells({C_out, taps, 1}, 0));
    biases_[i] = AlignedFloats(cells({C_out, 1, 1}, 0));
    const float* weight = products->weight->value.data().data();
    for (int co = 0; co < C_out; ++co) {
      const auto c = static_cast<std::size_t>(co);
      biases_[i].data()[c] =
          products->bias->value.data()[c] * scale[c] + shift[c];
      float* to = weights_[i].data() +
                  cells({L, taps, 1}, 0) * static_cast<std::size_t>(co / L);
      for (int tap = 0; tap < taps; ++tap)
        to[tap * L + co % L] = *weight++ * scale[c];
    }
  }

  bool folds_next(std::size_t i, std::vector<float>& scale,
                  std::vector<float>& shift) const {
    const Finish& finish = stages_[i].finish;
    if (i + 1 == stages_.size() || finish.relu || finish.window > 1 ||
        finish.stride > 1 || stages_[i].add >= 0 || is_flattened(i + 1))
      return false;
    for (const Stage& stage : stages_)
      if (stage.add == static_cast<int>(i) + 1) return false;
    const auto* sliced = std::get_if<Sliced>(&stages_[i + 1].work);
    return sliced && sliced->layer->folds(scale, shift);
  }

  // Stage i does nothing any more but what it adds.
  void drop(std::size_t i) {
    stages_[i - 1].add = stages_[i].add;
    stages_[i - 1].output = stages_[i].output;
    stages_.erase(stages_.begin() + static_cast<std::ptrdiff_t>(i));
    for (Stage& stage : stages_)
      if (stage.add > static_cast<int>(i)) --stage.add;
  }

  void forward(std::size_t i) {
    const Stage& stage = stages_[i];
    const MapSize size = stage.result();
    const bool flatten = is_flattened(i + 1);
    const Map input = map_in(values_[i], padded(stage), 0);
    const Map output = flatten ? map_in(flat_, size, 0) : input_of(i + 1);
    if (const Products* products = stage.products()) {
      Window window = products->window;
      window.C_out = groups(window.C_out);
      const int taps = window.K * window.K;
      kernels_.convolve_single(
          window, input, {weights_[i].data(), window.C_in * taps, taps, 1},
          biases_[i].data(), stage.finish, output, {},
          {rows_.data(), taps_.data()});
    } else if (const auto* sliced = std::get_if<Sliced>(&stage.work)) {
      forward_slice(*sliced->layer, size, input, output);
    } else {
      kernels_.finish(groups(stage.input.C), input, stage.finish, output,
                      {});
    }
    if (stage.add >= 0)
      kernels_.finish(
          groups(size.C), input_of(static_cast<std::size_t>(stage.add)),
          {.add = true, .H_out = size.H, .W_out = size.W}, output, {});
    if (!flatten) return;
    float* to =
        i + 1 == stages_.size() ? logits_.data() : values_[i + 1].data();
    for_numbers(size, output, [&](float number) { *to++ = number; });
  }
  static MapSize padded(const Stage& stage) {
    const auto [C, H, W] = stage.input;
    return {C, H + 2 * stage.border, W + 2 * stage.border};
  }

  // Through a block whose slot 0 holds the image.
  void forward_slice(const SliceLayer& layer, const MapSize& size,
                     const Map& input, const Map& output) {
    Map from[block_images], to[block_images];
    for (int group = 0; group < block_images; ++group) {
      from[group] = {slice_in_.data(), size.H * size.W, size.W, 1};
      to[group] = {slice_out_.data(), size.H * size.W, size.W, 1};
    }
    const int L = kernels_.lanes;
    float* cell = slice_in_.data();
    for_numbers(size, input, [&](float number) {
      *cell = number;
      cell += L;
    });
    layer.forward({from, size, L, 1, 0}, {to, size, L, 1, 0},
                  Mode::evaluation);
    cell = slice_out_.data();
    for_numbers(size, output, [&](float& number) {
      number = *cell;
      cell += L;
    });
  }

  Stages stages_;
  const Kernels& kernels_;
  Shape image_;
  std::vector<AlignedFloats> values_, weights_, biases_;
  AlignedFloats rows_, flat_, slice_in_, slice_out_;
  std::vector<Tap> taps_;
  std::vector<float> logits_;
};

}  // namespace cnn
