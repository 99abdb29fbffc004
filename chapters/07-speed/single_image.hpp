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
    int scratch = 1;
    for (const Stage& it : stages_) {
      const int area = (it.H + 2 * it.border) * (it.W + 2 * it.border);
      values_.emplace_back(cells(it.flat_C, it.C / it.flat_C * area),
                           it.border_value);
      weights_.push_back(packed_weights(it));
      biases_.push_back(packed_biases(it));
      scratch = std::max(
          scratch,
          row_scratch(it.finish.window, std::max(it.window.W_out, it.W)) +
              channels(it) * it.window.K * it.window.K);
    }
    logits_.resize(
        static_cast<std::size_t>(element_count(stages_.back().output)));
    values_.emplace_back(cells(stages_.back().C_out(), last_area()));
    scratch_ = AlignedFloats(cells(1, scratch));
  }

  // image (C, H, W) -> logits, which hold until the next call.
  std::span<const float> logits(std::span<const float> image) {
    const int L = kernels_.lanes;
    const int numbers = static_cast<int>(image.size());
    if (numbers != element_count(image_))
      require_shape({numbers}, {element_count(image_)}, "SingleImage",
                    "image");
    const Stage& first = stages_[0];
    const float* pixel = image.data();
    for (int c = 0; c < first.C; ++c)
      for (int y = 0; y < first.H; ++y)
        for (int x = 0; x < first.W; ++x)
          input(0).cells[((y + first.border) * input(0).row + x +
                          first.border + c / L * input(0).plane) *
                             L +
                         c % L] = *pixel++;
    for (std::size_t i = 0; i < stages_.size(); ++i) forward(i);
    for (int k = 0; k < static_cast<int>(logits_.size()); ++k)
      logits_[static_cast<std::size_t>(k)] =
          values_.back().data()[place(k, last_area())];
    return logits_;
  }

 private:
  // Maps of L channels for each cell: (C / L rounded up, H, W, L).
  int groups(int C) const {
    return (C + kernels_.lanes - 1) / kernels_.lanes;
  }
  std::size_t cells(int C, int area) const {
    return static_cast<std::size_t>(groups(C) * area * kernels_.lanes);
  }
  // Where number k of a flattened map (C, area) lies among such cells.
  int place(int k, int area) const {
    const int L = kernels_.lanes, c = k / area;
    return (c / L * area + k % area) * L + c % L;
  }
  int last_area() const {
    return static_cast<int>(logits_.size()) / stages_.back().C_out();
  }
  Map input(std::size_t i) {
    const int W = stages_[i].W + 2 * stages_[i].border;
    const int H = stages_[i].H + 2 * stages_[i].border;
    return {values_[i].data(), H * W, W, 1};
  }
  // What a stage sums over: channels, or every number of the cells that a
  // flattened map left behind.
  int channels(const Stage& it) const {
    return it.dense
               ? groups(it.flat_C) * (it.C / it.flat_C) * kernels_.lanes
               : it.C;
  }

  AlignedFloats packed_biases(const Stage& it) const {
    AlignedFloats packed(cells(it.C_out(), 1));
    if (it.weighted)
      std::copy(it.bias->value.data().begin(), it.bias->value.data().end(),
                packed.data());
    return packed;
  }

  // (C_out, C_in, K, K) -> (C_out / L, channels, K, K, L)
  AlignedFloats packed_weights(const Stage& it) const {
    if (!it.weighted) return AlignedFloats();
    const int L = kernels_.lanes, taps = it.window.K * it.window.K;
    const int all = channels(it), area = it.dense ? it.C / it.flat_C : 1;
    AlignedFloats packed(cells(it.C_out(), all * taps));
    const float* weight = it.weight->value.data().data();
    for (int co = 0; co < it.window.C_out; ++co)
      for (int ci = 0; ci < it.C; ++ci)
        for (int k = 0; k < taps; ++k) {
          const int at = it.dense ? place(ci, area) : ci;
          packed.data()[((co / L * all + at) * taps + k) * L + co % L] =
              *weight++;
        }
    return packed;
  }

  void forward(std::size_t i) {
    const Stage& it = stages_[i];
    const int L = kernels_.lanes;
    const int border = i + 1 < stages_.size() ? stages_[i + 1].border : 0;
    const int W = it.finish.W_out + 2 * border;
    const int H = it.finish.H_out + 2 * border;
    const Map output =
        Map{values_[i + 1].data(), H * W, W, 1}.from(border, border, L);
    if (!it.weighted)
      return kernels_.finish(groups(it.flat_C) * (it.C / it.flat_C),
                             input(i), it.finish, output, {});
    Window window = it.window;
    const int taps = window.K * window.K;
    window.C_in = channels(it);
    window.C_out = groups(window.C_out);
    kernels_.convolve_single(
        window, input(i), {weights_[i].data(), window.C_in * taps, taps, 1},
        biases_[i].data(), it.finish, output, {}, scratch_.data());
  }

  std::vector<Stage> stages_;
  const Kernels& kernels_;
  Shape image_;
  std::vector<AlignedFloats> values_, weights_, biases_;
  AlignedFloats scratch_;
  std::vector<float> logits_;
};

}  // namespace cnn
