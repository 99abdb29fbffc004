// One window at a time: what it sees, what a kernel makes of it, and how
// many numbers a layer of windows learns and computes.
// Book: book/02-convolution.md
#pragma once

#include <cstdint>

#include "02-convolution/convolution.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// What a window of K x K cells sees of a picture if its top left cell lies
// at (y, x). picture (H, W) -> (K, K)
inline Tensor<> window_of(const Tensor<>& picture, int y, int x, int K) {
  Tensor<> seen({K, K});
  for (int ky = 0; ky < K; ++ky)
    for (int kx = 0; kx < K; ++kx) seen(ky, kx) = picture(y + ky, x + kx);
  return seen;
}

// Each weight times the number under it, summed. weights and window have
// the same shape.
inline double sum_of_products(const Tensor<>& weights,
                              const Tensor<>& window) {
  require_shape(window.shape(), weights.shape(), "sum_of_products",
                "window");
  double sum = 0;
  for (std::size_t i = 0; i < weights.data().size(); ++i)
    sum += static_cast<double>(weights.data()[i] * window.data()[i]);
  return sum;
}

// How many numbers a layer learns, and how many multiply-adds it takes for
// one picture.
struct LayerPrice {
  std::int64_t weights = 0, biases = 0, multiply_adds = 0;

  std::int64_t learned() const { return weights + biases; }
};

// Three ways to turn a picture (H, W) into `maps` maps of its size.
struct SharingPrices {
  int maps = 0, H = 0, W = 0, K = 0;
  LayerPrice shared;    // a convolution: one window for all places
  LayerPrice unshared;  // a window of its own for each output
  LayerPrice dense;     // each output looks at every input, unshared

  int inputs() const { return H * W; }
  int outputs() const { return maps * inputs(); }
  // The factor by which small windows reduce the work and the weights.
  double saved_by_window() const {
    return static_cast<double>(inputs()) / (K * K);
  }
  // The factor by which sharing one window reduces what is learned.
  std::int64_t saved_by_sharing() const {
    return unshared.learned() / shared.learned();
  }
  std::int64_t saved_in_all() const {
    return dense.learned() / shared.learned();
  }
};

// For a picture (1, 1, H, W) and windows of K x K.
inline SharingPrices compute_prices(int maps, int H, int W, int K) {
  SharingPrices it{maps, H, W, K, {}, {}, {}};
  const std::int64_t outputs = it.outputs(), window = K * K;
  it.shared = {maps * window, maps, outputs * window};
  it.unshared = {outputs * window, outputs, outputs * window};
  it.dense = {outputs * it.inputs(), outputs, outputs * it.inputs()};
  return it;
}

}  // namespace cnn
