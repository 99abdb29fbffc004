// The networks that this chapter compares: the same layers with the same
// first numbers, in a row or in residual blocks.
// Book: book/14-residual.md
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "07-speed/fast_training.hpp"
#include "14-residual/residual.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The layers of a block alone; with its input added; the same where the
// branch's last scale starts at 0.
enum class BlockKind { plain, added, nothing };

inline std::string kind_name(BlockKind kind) {
  return kind == BlockKind::plain   ? "plain"
         : kind == BlockKind::added ? "+ x"
                                    : "from nothing";
}

struct BlockNetwork {
  BlockKind kind = BlockKind::plain;
  int blocks = 10;
  int channels = 16;
  bool normalized = true;
};

// Two convolutions, each with its normalization.
inline ResidualArchitecture block_layers(const BlockNetwork& it) {
  const Convolution convolution{it.channels, 3, 1, 1};
  if (!it.normalized) return {convolution, Relu{}, convolution};
  return {convolution, BatchNorm{}, Relu{}, convolution, BatchNorm{}};
}

// A convolution, windows of 4, which leave maps of 7 x 7, the blocks, each
// with a ReLU after it, and the scores.
inline ResidualArchitecture block_network(const BlockNetwork& it) {
  if (it.blocks < 0 || it.channels < 1)
    fail(Refusal::argument,
         "block_network: expected 0 blocks or more of 1 channel or more, "
         "got " +
             std::to_string(it.blocks) + " of " +
             std::to_string(it.channels));
  ResidualArchitecture layers = {Convolution{it.channels, 3, 1, 1}, Relu{},
                                 MaxPool{{4, 4, 0}}};
  const ResidualArchitecture branch = block_layers(it);
  for (int block = 0; block < it.blocks; ++block) {
    if (it.kind == BlockKind::plain)
      layers.insert(layers.end(), branch.begin(), branch.end());
    else
      layers.push_back(Residual{branch, {}, it.kind == BlockKind::nothing});
    layers.push_back(Relu{});
  }
  layers.push_back(Flatten{});
  layers.push_back(Dense{10});
  return layers;
}

// Layers that compute with weights: two in each block, one before, one
// after.
inline int weighted_layers(const BlockNetwork& it) {
  return 2 * it.blocks + 2;
}

// Which entry of the list block k begins with.
inline std::size_t entry_of_block(const BlockNetwork& it, int k) {
  const std::size_t entries =
      it.kind == BlockKind::plain ? block_layers(it).size() + 1 : 2;
  return 3 + static_cast<std::size_t>(k) * entries;
}

// Chapter 06's first numbers; the three kinds get the same weights.
inline void start_blocks(Layer<>& network, std::uint64_t seed) {
  Random random(seed);
  initialize(network, he_initializer(), random);
  for (float& number : last_weight_of(network, "start_blocks").value.data())
    number *= 0.1f;
}

// Gives a network that has one block fewer the numbers of `from`, without
// those of block k.
// Throws std::invalid_argument if there is no such block.
inline void copy_without_block(Layer<>& from, Layer<>& to,
                               const BlockNetwork& it, int k) {
  if (k < 0 || k >= it.blocks)
    fail(Refusal::argument,
         "copy_without_block: expected a block from 0 "
         "to " +
             std::to_string(it.blocks - 1) + ", got " + std::to_string(k));
  std::vector<Parameter<>*> kept = from.parameters();
  // A weight and a bias at each end belong to no block.
  const std::size_t each =
      (kept.size() - 4) / static_cast<std::size_t>(it.blocks);
  const auto begin =
      kept.begin() +
      static_cast<std::ptrdiff_t>(2 + static_cast<std::size_t>(k) * each);
  kept.erase(begin, begin + static_cast<std::ptrdiff_t>(each));
  const std::vector<Parameter<>*> target = to.parameters();
  if (target.size() != kept.size())
    fail(Refusal::argument,
         "copy_without_block: expected a network of one block fewer");
  for (std::size_t p = 0; p < kept.size(); ++p)
    target[p]->value = kept[p]->value;
}

// Held-out accuracy of a trained network without block 0, without block 1,
// ...: each time only that one is missing, without further training.
// `after_block` is called after each.
inline std::vector<double> accuracies_without(
    Layer<>& network, const BlockNetwork& it, const Dataset& held_out,
    const std::function<void()>& after_block = {}) {
  std::vector<double> accuracies;
  BlockNetwork shorter = it;
  shorter.blocks = it.blocks - 1;
  FastNetwork fewer(block_network(shorter), {1, 28, 28});
  for (int k = 0; k < it.blocks; ++k) {
    copy_without_block(network, fewer, it, k);
    accuracies.push_back(accuracy(fewer, held_out));
    if (after_block) after_block();
  }
  return accuracies;
}

}  // namespace cnn
