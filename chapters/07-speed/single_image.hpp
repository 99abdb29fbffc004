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
    std::size_t rows = 1, taps = 1, flat = 1;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      const Stage& it = stages_[i];
      const auto columns = std::max(it.window.W_out, it.W);
      values_.emplace_back(cells(it.C, it.H, it.W, it.border),
                           it.border_value);
      weights_.push_back(packed_weights(it));
      biases_.push_back(packed_biases(it));
      rows = std::max(
          rows, cells(1, row_scratch(it.finish.window, columns), 1, 0));
      taps = std::max(
          taps, static_cast<std::size_t>(it.C * it.window.K * it.window.K));
      if (is_flattened(i + 1))
        flat = std::max(
            flat, cells(it.C_out(), it.finish.H_out, it.finish.W_out, 0));
    }
    rows_ = AlignedFloats(rows);
    taps_.resize(taps);
    flat_ = AlignedFloats(flat);
    logits_.resize(
        static_cast<std::size_t>(element_count(stages_.back().output)));
  }

  // image (C, H, W) -> logits, which hold until the next call.
  std::span<const float> logits(std::span<const float> image) {
    const int numbers = static_cast<int>(image.size());
    if (numbers != element_count(image_))
      require_shape({numbers}, {element_count(image_)}, "SingleImage",
                    "image");
    const Stage& first = stages_[0];
    const Map map = map_in(values_[0], first.H, first.W, first.border);
    const float* pixel = image.data();
    for (int c = 0; c < first.C; ++c)
      for (int y = 0; y < first.H; ++y)
        for (int x = 0; x < first.W; ++x)
          number(map, c, y + first.border, x + first.border) = *pixel++;
    for (std::size_t i = 0; i < stages_.size(); ++i) forward(i);
    return logits_;
  }

 private:
  // How many maps of L channels a map of C channels needs.
  int groups(int C) const {
    return (C + kernels_.lanes - 1) / kernels_.lanes;
  }
  // How many floats a map (C, H, W) with a border takes in that form.
  std::size_t cells(int C, int H, int W, int border) const {
    return static_cast<std::size_t>(groups(C) * kernels_.lanes) *
           static_cast<std::size_t>(H + 2 * border) *
           static_cast<std::size_t>(W + 2 * border);
  }
  Map map_in(AlignedFloats& memory, int H, int W, int border) const {
    const int row = W + 2 * border;
    return {memory.data(), (H + 2 * border) * row, row, 1};
  }
  // Cell (c, y, x) of a map whose channels lie in lanes.
  float& number(const Map& map, int c, int y, int x) const {
    const int L = kernels_.lanes;
    return map.from(y, c / L * map.plane + x, L).cells[c % L];
  }
  // Whether stage i takes the numbers of the map before it in a row. The
  // caller of logits() does, too.
  bool is_flattened(std::size_t i) const {
    return i == stages_.size() || stages_[i].C != stages_[i - 1].C_out();
  }

  AlignedFloats packed_biases(const Stage& it) const {
    AlignedFloats packed(cells(it.C_out(), 1, 1, 0));
    if (it.weighted)
      std::copy(it.bias->value.data().begin(), it.bias->value.data().end(),
                packed.data());
    return packed;
  }

  // (C_out, C_in, K, K) -> (C_out / L, C_in, K, K, L)
  AlignedFloats packed_weights(const Stage& it) const {
    if (!it.weighted) return AlignedFloats();
    const int L = kernels_.lanes, taps = it.C * it.window.K * it.window.K;
    AlignedFloats packed(cells(it.C_out(), taps, 1, 0));
    const float* weight = it.weight->value.data().data();
    for (int co = 0; co < it.window.C_out; ++co)
      for (int tap = 0; tap < taps; ++tap)
        packed.data()[static_cast<std::size_t>(co / L * taps + tap) *
                          static_cast<std::size_t>(L) +
                      static_cast<std::size_t>(co % L)] = *weight++;
    return packed;
  }

  void forward(std::size_t i) {
    const Stage& it = stages_[i];
    const int L = kernels_.lanes;
    const int H = it.finish.H_out, W = it.finish.W_out;
    const bool flatten = is_flattened(i + 1);
    const int border = flatten ? 0 : stages_[i + 1].border;
    const Map input = map_in(values_[i], it.H, it.W, it.border);
    const Map output =
        map_in(flatten ? flat_ : values_[i + 1], H, W, border)
            .from(border, border, L);
    if (it.weighted) {
      Window window = it.window;
      window.C_out = groups(window.C_out);
      const int taps = window.K * window.K;
      kernels_.convolve_single(
          window, input, {weights_[i].data(), window.C_in * taps, taps, 1},
          biases_[i].data(), it.finish, output, {},
          {rows_.data(), taps_.data()});
    } else {
      kernels_.finish(groups(it.C), input, it.finish, output, {});
    }
    if (!flatten) return;
    // Only lanes that hold a channel are read, here as everywhere.
    float* to =
        i + 1 == stages_.size() ? logits_.data() : values_[i + 1].data();
    for (int c = 0; c < it.C_out(); ++c)
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) *to++ = number(output, c, y, x);
  }

  std::vector<Stage> stages_;
  const Kernels& kernels_;
  Shape image_;
  std::vector<AlignedFloats> values_, weights_, biases_;
  AlignedFloats rows_, flat_;
  std::vector<Tap> taps_;
  std::vector<float> logits_;
};

}  // namespace cnn
