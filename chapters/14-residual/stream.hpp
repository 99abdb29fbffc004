// The residual stream: what runs through all blocks, and what each block
// adds to it.
// Book: book/14-residual.md
#pragma once

#include <cstddef>
#include <vector>

#include "04-backprop/dense.hpp"
#include "05-softmax/softmax.hpp"
#include "06-training/experiments.hpp"
#include "14-residual/block_networks.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// Before the first step: the mean square of the stream before the first
// block (at index 0) and after each block, and the mean square of the
// loss's gradient in the same places.
struct StreamSizes {
  std::vector<double> forward, backward;
};

inline double mean_square(const Tensor<>& tensor) {
  const double root = root_mean_square(tensor);
  return root * root;
}

// Uses chapter 06's layers, because it can stop after each of them to read
// its output or gradient. Normalizations use these digits' statistics.
inline StreamSizes compute_stream_sizes(const BlockNetwork& it,
                                        const Dataset& digits,
                                        std::uint64_t seed) {
  Network<> network = build_network(block_network(it), {1, 28, 28});
  start_blocks(network, seed);
  std::vector<std::size_t> places;  // entries whose output is the stream
  for (int k = 0; k <= it.blocks; ++k)
    places.push_back(entry_of_block(it, k) - 1);
  StreamSizes sizes;
  Tensor<> signal = digits.images;
  for (std::size_t i = 0, k = 0; i < network.size(); ++i) {
    signal = network.layer(i).forward(signal, Mode::training);
    if (k < places.size() && places[k] == i) {
      sizes.forward.push_back(mean_square(signal));
      ++k;
    }
  }
  Tensor<> gradient = cross_entropy_backward(signal, digits.labels);
  sizes.backward.resize(places.size());
  for (std::size_t i = network.size(), k = places.size(); i-- > 0;) {
    if (k > 0 && places[k - 1] == i)
      sizes.backward[--k] = mean_square(gradient);
    gradient = network.layer(i).backward(gradient, true);
  }
  return sizes;
}

// One image in a trained network: the stream (C, H, W) before the first
// block and after each (`places`), and what each block's branch added.
struct Stream {
  std::vector<Tensor<>> places, corrections;
};

// outputs: those of all layers of a network of residual blocks, first to
// last, for one image (1, C, H, W), as all_outputs() returns them
inline Stream stream_of(const std::vector<Tensor<>>& outputs,
                        const BlockNetwork& it) {
  Stream stream;
  for (int k = 0; k <= it.blocks; ++k) {
    const Tensor<>& now = outputs[entry_of_block(it, k) - 1];
    stream.places.push_back(
        now.reshaped({now.extent(1), now.extent(2), now.extent(3)}));
  }
  for (int k = 0; k < it.blocks; ++k) {
    const auto at = static_cast<std::size_t>(k);
    // The block's own output, before its ReLU.
    Tensor<> sum =
        outputs[entry_of_block(it, k)].reshaped(stream.places[at].shape());
    for (std::size_t i = 0; i < sum.data().size(); ++i)
      sum.data()[i] -= stream.places[at].data()[i];
    stream.corrections.push_back(std::move(sum));
  }
  return stream;
}

// What a trained network would answer if it ended after 0, 1, ..., all of
// its blocks and its last layer read the stream there: probabilities
// (1, classes), the last of which are the network's own. `outputs` are as
// for stream_of(), but may be a plain network's. weight (classes, C H W),
// bias (classes): those of the last layer
inline std::vector<Tensor<>> answers_along(
    const std::vector<Tensor<>>& outputs, const BlockNetwork& it,
    const Tensor<>& weight, const Tensor<>& bias) {
  std::vector<Tensor<>> answers;
  for (int k = 0; k <= it.blocks; ++k) {
    const Tensor<>& stream = outputs[entry_of_block(it, k) - 1];
    answers.push_back(softmax(
        dense(stream.reshaped({1, static_cast<int>(stream.data().size())}),
              weight, bias)));
  }
  return answers;
}

// How large each correction is compared with the stream that it is added
// to: the ratio of their root mean squares.
inline std::vector<double> correction_shares(const Stream& stream) {
  std::vector<double> shares;
  for (std::size_t k = 0; k < stream.corrections.size(); ++k)
    shares.push_back(root_mean_square(stream.corrections[k]) /
                     root_mean_square(stream.places[k]));
  return shares;
}

}  // namespace cnn
