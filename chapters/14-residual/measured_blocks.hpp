// Chapter 10's measured start for networks with blocks, whose layers are
// measured where they stand.
// Book: book/14-residual.md
#pragma once

#include <cstddef>
#include <utility>
#include <variant>

#include "10-initialization/starts.hpp"
#include "14-residual/residual.hpp"

namespace cnn {

// As measured_start() for the network that was built of a list; both ways
// through a block are measured with what comes into it.
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
