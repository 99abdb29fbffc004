// Gradients with respect to the pixels, not the weights: used not to change
// the network, but to ask it what it looks at.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "06-training/layer.hpp"
#include "07-speed/fast_network.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// One number for each image, and its gradient with respect to the pixels of
// that image.
template <class T = float>
struct Heights {
  std::vector<T> values;  // N
  Tensor<T> gradient;     // (N, C, H, W)
};

// A weighted sum of the logits of each image, and its gradient: runs the
// network forward, and then backward down to the pixels.
// images (N, C, H, W)  weights (N, classes)
// Throws std::invalid_argument unless the weights have the logits' shape.
template <class T>
Heights<T> weighted_logits(Layer<T>& network, const Tensor<T>& images,
                           const Tensor<T>& weights) {
  const Tensor<T> logits = network.forward(images, Mode::evaluation);
  require_rank(logits.shape(), 2, "weighted_logits",
               "the network's output");
  require_shape(weights.shape(), logits.shape(), "weighted_logits",
                "weights");
  Heights<T> heights;
  for (int n = 0; n < logits.extent(0); ++n) {
    T sum = 0;
    for (int k = 0; k < logits.extent(1); ++k)
      sum += weights(n, k) * logits(n, k);
    heights.values.push_back(sum);
  }
  heights.gradient = network.backward(weights);
  return heights;
}

// 1 for the chosen class of each image, 0 for the others. -> (N, classes)
// Throws std::invalid_argument if a chosen class does not exist.
template <class T = float>
Tensor<T> one_of(const std::vector<int>& chosen, int classes) {
  Tensor<T> weights({static_cast<int>(chosen.size()), classes});
  for (std::size_t n = 0; n < chosen.size(); ++n) {
    if (chosen[n] < 0 || chosen[n] >= classes)
      fail(Refusal::argument, "one_of: expected classes from 0 to " +
                                  std::to_string(classes - 1) + ", got " +
                                  std::to_string(chosen[n]));
    weights(n, chosen[n]) = 1;
  }
  return weights;
}

// The logit of one class for each image, and its saliency: how it changes
// with each pixel, d z_k / d x.                                      (9.1)
// images (N, C, H, W), N chosen classes -> values N, gradient (N, C, H, W)
// (Simonyan, Vedaldi and Zisserman 2013, section 3.)
template <class T>
Heights<T> class_logits(Layer<T>& network, const Tensor<T>& images,
                        const std::vector<int>& chosen, int classes = 10) {
  return weighted_logits(network, images, one_of<T>(chosen, classes));
}

// The weight of cell (y, x) of a map of H x W in a sum.
using CellWeight = std::function<float(int H, int W, int y, int x)>;

// For each image n, a weighted sum of the cells of map channels[n] in the
// output of layer `layer`, and its gradient.
// Throws std::invalid_argument, with a message that begins with `where`, if
// the layer does not exist, has no maps or lacks a channel, or unless there
// is one channel for each image.
inline Heights<> hidden_sums(FastNetwork& network, const Tensor<>& images,
                             std::size_t layer,
                             const std::vector<int>& channels,
                             const CellWeight& weight,
                             const std::string& where) {
  const std::vector<Tensor<>> outputs = network.outputs(images);
  if (layer >= outputs.size())
    fail(Refusal::argument, where + ": expected a layer from 0 to " +
                                std::to_string(outputs.size() - 1) +
                                ", got " + std::to_string(layer));
  const Tensor<>& maps = outputs[layer];
  require_rank(maps.shape(), 4, where, "the layer's output");
  if (static_cast<int>(channels.size()) != maps.extent(0))
    fail(Refusal::argument, where + ": expected " +
                                counted_text(maps.extent(0), "channel") +
                                ", one for each image, got " +
                                std::to_string(channels.size()));
  const int H = maps.extent(2), W = maps.extent(3);
  Tensor<> grad_output(maps.shape());
  Heights<> heights;
  for (int n = 0; n < maps.extent(0); ++n) {
    const int c = channels[static_cast<std::size_t>(n)];
    if (c < 0 || c >= maps.extent(1))
      fail(Refusal::argument, where + ": expected channels from 0 to " +
                                  std::to_string(maps.extent(1) - 1) +
                                  ", got " + std::to_string(c));
    float sum = 0;
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x) {
        grad_output(n, c, y, x) = weight(H, W, y, x);
        sum += grad_output(n, c, y, x) * maps(n, c, y, x);
      }
    heights.values.push_back(sum);
  }
  heights.gradient = network.input_gradient(images, layer, grad_output);
  return heights;
}

// The activation of one hidden cell for each image, and its gradient: the
// cell in the middle of map channels[n].
inline Heights<> hidden_cells(FastNetwork& network, const Tensor<>& images,
                              std::size_t layer,
                              const std::vector<int>& channels) {
  const auto middle = [](int H, int W, int y, int x) {
    return y == H / 2 && x == W / 2 ? 1.0f : 0.0f;
  };
  return hidden_sums(network, images, layer, channels, middle,
                     "hidden_cells");
}

// The mean of the whole map channels[n] for each image, and its gradient.
inline Heights<> hidden_means(FastNetwork& network, const Tensor<>& images,
                              std::size_t layer,
                              const std::vector<int>& channels) {
  const auto share = [](int H, int W, int, int) {
    return 1.0f / static_cast<float>(H * W);
  };
  return hidden_sums(network, images, layer, channels, share,
                     "hidden_means");
}

// Takes away some of an image's ink: of the pixels brighter than 0.5, the
// `count` with the largest `rank` become black. If there are fewer, all of
// them do.
// image, rank (C, H, W) -> (C, H, W)
template <class T>
Tensor<T> erased(Tensor<T> image, const Tensor<T>& rank,
                 std::size_t count) {
  require_shape(rank.shape(), image.shape(), "erased", "rank");
  std::vector<std::size_t> ink;
  for (std::size_t i = 0; i < image.data().size(); ++i)
    if (image.data()[i] > T{0.5}) ink.push_back(i);
  std::stable_sort(ink.begin(), ink.end(),
                   [&](std::size_t a, std::size_t b) {
                     return rank.data()[a] > rank.data()[b];
                   });
  ink.resize(std::min(count, ink.size()));
  for (const std::size_t i : ink) image.data()[i] = 0;
  return image;
}

}  // namespace cnn
