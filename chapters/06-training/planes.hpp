// Picks one plane out of many: a filter of a layer, a map of its output.
// Book: book/06-training.md
#pragma once

#include "01-tensor/layout.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// weight (C_out, C_in, K, K) -> one filter (K, K)
// Throws std::invalid_argument if there is no such filter.
inline Tensor<> filter(const Tensor<>& weight, int co, int ci) {
  require_rank(weight.shape(), 4, "filter", "weight");
  if (co < 0 || co >= weight.extent(0) || ci < 0 || ci >= weight.extent(1))
    fail(Refusal::argument, "filter: no kernel " +
                                to_string(Shape{co, ci}) + " in " +
                                to_string(weight.shape()));
  return channel(item(weight, co), ci);
}

// output (1, C, H, W) of a layer -> the map of one channel (H, W)
inline Tensor<> feature_map(const Tensor<>& output, int c) {
  return channel(item(output, 0), c);
}

}  // namespace cnn
