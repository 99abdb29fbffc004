// The network that this chapter starts again and again: dense layers of
// equal width, each followed by ReLU, and ten scores at the end.
// Book: book/10-initialization.md
#pragma once

#include <string>
#include <vector>

#include "06-training/network.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// `depth` layers of `width` cells, then the scores.
// Throws std::invalid_argument unless both are 1 or more.
inline Architecture deep_network(int depth, int width) {
  if (depth < 1 || width < 1)
    fail(Refusal::argument,
         "deep_network: expected a depth and a width of 1 or more, got " +
             std::to_string(depth) + " and " + std::to_string(width));
  Architecture layers = {Flatten{}};
  for (int layer = 0; layer < depth; ++layer) {
    layers.push_back(Dense{.outputs = width});
    layers.push_back(Relu{});
  }
  layers.push_back(Dense{.outputs = 10});
  return layers;
}

}  // namespace cnn
