// The same maps before and after every kind of normalization.
// Book: book/13-normalization.md
#pragma once

#include <string>
#include <vector>

#include "06-training/network.hpp"
#include "13-normalization/normalized_list.hpp"
#include "13-normalization/probe_norm.hpp"

namespace cnn {

// Which cells share a mean: those of one channel in all images, those of
// one image in all channels, or in a group of its channels.
struct OfAxes {
  std::string name;
  int images = 1, channels = 1;  // that share a mean
  Tensor<> maps;                 // (N, C, H, W)
};

// What a layer alone makes of some maps (N, C, H, W), in training mode.
template <class Entry>
Tensor<> normalized_by(const Entry& entry, const Tensor<>& maps) {
  return make_layer<float>(entry, maps.shape())
      ->forward(maps, Mode::training);
}

inline std::vector<OfAxes> compute_other_axes(const Tensor<>& maps,
                                              int groups) {
  const int N = maps.extent(0), C = maps.extent(1);
  return {{"before", 1, 1, maps},
          {"batch norm", N, 1, normalized_by(BatchNorm{}, maps)},
          {"layer norm", 1, C, normalized_by(LayerNorm{}, maps)},
          {"group norm", 1, C / groups,
           normalized_by(GroupNorm{groups}, maps)}};
}

}  // namespace cnn
