// The networks that this chapter compares: the same layers with the same
// initial weights, in a row or in residual blocks.
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

// What a block is: its layers alone (`plain`), its layers with its input
// added to their output (`added`), or the same with the last scale of the
// branch starting at 0 (`nothing`).
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
  bool normalized = true;  // a BatchNorm after each convolution of a block
};

// The layers of a block: two convolutions, each followed by a BatchNorm if
// `normalized`, with a ReLU between them.
inline ResidualArchitecture block_layers(const BlockNetwork& it) {
  const Convolution convolution{it.channels, 3, 1, 1};
  if (!it.normalized) return {convolution, Relu{}, convolution};
  return {convolution, BatchNorm{}, Relu{}, convolution, BatchNorm{}};
}

// A convolution with a ReLU, max-pooling to maps of 7 x 7, the blocks, each
// with a ReLU after it, and a dense layer for the scores.
// Throws std::invalid_argument for blocks below 0 or channels below 1.
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

// The number of layers with weights: two in each block, one before the
// blocks and one after them.
inline int weighted_layers(const BlockNetwork& it) {
  return 2 * it.blocks + 2;
}

// The index in block_network() of the first entry of block k; for k equal
// to it.blocks, of the first entry after the blocks.
inline std::size_t entry_of_block(const BlockNetwork& it, int k) {
  const std::size_t entries =
      it.kind == BlockKind::plain ? block_layers(it).size() + 1 : 2;
  return 3 + static_cast<std::size_t>(k) * entries;
}

// Gives a network chapter 06's initial weights. With the same seed, all
// three kinds get the same ones.
inline void start_blocks(Layer<>& network, std::uint64_t seed) {
  Random random(seed);
  initialize(network, he_initializer(), random);
  for (float& number : last_weight_of(network, "start_blocks").value.data())
    number *= 0.1f;
}

// Copies the parameters of `from`, which `it` describes, without those of
// block k, to a network that has one block fewer.
// Throws std::invalid_argument if there is no such block, or if `to` has
// another number of parameters.
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

// The held-out accuracies of a trained network, which `it` describes,
// without block 0, without block 1 and so on. Each time only that block is
// missing, and nothing is trained again. Calls after_block after each.
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
