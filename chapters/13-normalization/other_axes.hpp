// The same maps before and after each kind of normalization.
// Book: book/13-normalization.md
#pragma once

#include <string>
#include <vector>

#include "06-training/network.hpp"
#include "13-normalization/normalized_list.hpp"
#include "13-normalization/probe_norm.hpp"

namespace cnn {

// Maps after one kind of normalization, and which cells share a mean: all
// places of `images` images and `channels` channels.
struct NormalizedMaps {
  std::string name;
  int images = 1, channels = 1;
  Tensor<> maps;  // (N, C, H, W)
};

// The output of a single layer for maps (N, C, H, W), in training mode.
template <class Entry>
Tensor<> normalized_by(const Entry& entry, const Tensor<>& maps) {
  return make_layer<float>(entry, maps.shape())
      ->forward(maps, Mode::training);
}

// The maps as they are, then after batch, layer and group normalization,
// the last with `groups` groups.
inline std::vector<NormalizedMaps> compute_other_axes(const Tensor<>& maps,
                                                      int groups) {
  const int N = maps.extent(0), C = maps.extent(1);
  return {{"before", 1, 1, maps},
          {"batch norm", N, 1, normalized_by(BatchNorm{}, maps)},
          {"layer norm", 1, C, normalized_by(LayerNorm{}, maps)},
          {"group norm", 1, C / groups,
           normalized_by(GroupNorm{groups}, maps)}};
}

}  // namespace cnn
