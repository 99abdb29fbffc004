// Chapter 10's measured start for networks with residual blocks, whose
// layers are measured in their places.
// Book: book/14-residual.md
#pragma once

#include <cstddef>
#include <utility>
#include <variant>

#include "10-initialization/starts.hpp"
#include "14-residual/residual.hpp"

namespace cnn {

// Does what measured_start() does, for the network that was built from
// `list`. A block's branch and skip are both measured with the block's
// input. images (N, C, H, W)
inline void measured_blocks(const ResidualArchitecture& list,
                            Network<>& network, const Tensor<>& images) {
  Tensor<> signal = images;
  for (std::size_t i = 0; i < network.size(); ++i) {
    Layer<>& layer = network.layer(i);
    if (const auto* it = std::get_if<Residual>(&list[i])) {
      auto& block = static_cast<ResidualLayer<>&>(layer);
      measured_blocks(it->branch, block.branch(), signal);
      measured_blocks(it->skip, block.skip(), signal);
      signal = block.forward(signal, Mode::evaluation);
    } else {
      signal = measured_layer(layer, network.name(i), signal);
    }
  }
}

}  // namespace cnn
