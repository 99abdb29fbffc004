// One convolution by itself, in all the ways of this chapter.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "07-speed/im2col.hpp"
#include "07-speed/kernels.hpp"
#include "07-speed/measure.hpp"
#include "07-speed/reordered.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// One rung in the roofline plot: operations per byte, and per second.
struct RooflinePoint {
  std::string name;
  double intensity = 0, flops = 0;
};

// A 3 x 3 convolution from C to C channels, with a border of 1, in the form
// that the kernels want: L images at a time, always the same numbers.
class ConvolutionInLanes {
 public:
  // weight (C, C, 3, 3) and bias (C), which must outlive this; maps: H x H
  ConvolutionInLanes(const Kernels& kernels, const Tensor<>& weight,
                     const Tensor<>& bias, int H)
      : kernels_(kernels),
        weight_(weight),
        bias_(bias),
        H_(H),
        in_(room(H + 2)),
        out_(room(H)),
        winners_(room(H / 2)) {
    const int C = bias.extent(0);
    for (const bool winograd : {false, true}) {
      const Window it{C, C, 3, 1, H, H, 1, 1 + H, winograd};
      AlignedFloats& packed = packed_[winograd];
      packed = AlignedFloats(static_cast<std::size_t>(packed_numbers(it)));
      kernels.pack(it, plain_weights(), 1, C, packed.data());
    }
    rows_ = AlignedFloats(static_cast<std::size_t>(
        std::max(row_scratch(2, H), winograd_scratch(C)) * kernels.lanes));
  }

  // A function that runs `images` images through `kernel`; pooled: with
  // ReLU and a pool of 2 x 2 fused to it.
  std::function<void()> call(Convolve* kernel, int images, bool winograd,
                             bool pooled) {
    const int C = bias_.extent(0), H = pooled ? H_ / 2 : H_;
    const Window it{C, C, 3, 1, H_, H_, 1, 1 + H_, winograd};
    Finish finish{.relu = pooled, .H_out = H, .W_out = H};
    if (pooled) finish.window = finish.stride = 2;
    Weights weights = plain_weights();
    weights.packed = packed_[winograd].data();
    const Map in{in_.data(), (H_ + 2) * (H_ + 2), H_ + 2, 1};
    const Map out{out_.data(), H * H, H, 1};
    const Map winners = pooled ? Map{winners_.data(), H * H, H, 1} : Map{};
    return [=, this] {
      for (int n = 0; n < images; n += kernels_.lanes)
        kernel(it, in, weights, bias_.data().data(), finish, out, winners,
               rows_.data());
    };
  }

 private:
  Weights plain_weights() const {
    return {weight_.data().data(), weight_.extent(1) * 9, 9, 1};
  }
  AlignedFloats room(int size) const {
    const int C = bias_.extent(0);
    return AlignedFloats(
        static_cast<std::size_t>(C * size * size * kernels_.lanes), 0.5f);
  }

  const Kernels& kernels_;
  const Tensor<>&weight_, &bias_;
  int H_;
  AlignedFloats in_, out_, winners_, rows_, packed_[2];
};

// The second convolution of network B with its ReLU and pool, forward, on
// 16 images: FLOPs as if each product of (2.3) were computed, and bytes
// that are read or written, wherever they lie.
struct OneConvolution {
  static constexpr int N = 16, C = 32, K = 3;
  int H = 28;
  double flops() const { return 2.0 * N * C * C * K * K * H * H; }
  double map_bytes() const { return 4.0 * N * C * H * H; }

  std::vector<RooflinePoint> measure(const Kernels& kernels,
                                     double seconds) {
    Random random(1);
    const auto numbers = [&](const Shape& shape) {
      Tensor<> tensor(shape);
      for (float& number : tensor.data()) number = random.normal();
      return tensor;
    };
    const Tensor<> input = numbers({N, C, H, H});
    const Tensor<> weight = numbers({C, C, K, K}), bias = numbers({C});
    ConvolutionInLanes lanes(kernels, weight, bias, H);
    const auto direct = [&](auto kernel, bool pooled) {
      return lanes.call(kernel, N, false, pooled);
    };
    struct Way {
      const char* name;
      double bytes;
      std::function<void()> call;
    };
    // The maps in and out count once. Columns are written and read again.
    // Fused layers write a quarter of the map, and as many winners.
    const double once = 2 * map_bytes(), less = 1.5 * map_bytes();
    const std::vector<Way> ways = {
        {"plain", once, [&] { convolve(input, weight, bias, 1, 1); }},
        {"x innermost", once,
         [&] { convolve_reordered(input, weight, bias, 1, 1); }},
        {"im2col", once + K * K * once,
         [&] { convolve_im2col(input, weight, bias, 1, 1); }},
        {"lanes", once, direct(kernels.convolve_untiled, false)},
        {"small tile", once,
         direct(kernels.convolve_in_small_tiles, false)},
        {"tile", once, direct(kernels.convolve, false)},
        {"fused", less, direct(kernels.convolve, true)},
        {"fewer products", less,
         lanes.call(kernels.convolve, N, true, true)}};
    std::vector<std::function<void()>> calls;
    for (const Way& way : ways) calls.push_back(way.call);
    const auto times = medians_in_turns(calls, 3, seconds);
    std::vector<RooflinePoint> points;
    for (std::size_t i = 0; i < ways.size(); ++i)
      points.push_back(
          {ways[i].name, flops() / ways[i].bytes, flops() / times[i]});
    return points;
  }
};

}  // namespace cnn
