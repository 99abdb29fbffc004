// The checksum of a network: two networks that differ in one bit of one
// number have different checksums.
// Book: book/18-browser.md
#pragma once

#include <string>

#include "06-training/layer.hpp"
#include "16-saving/resuming.hpp"

namespace cnn {

// The checksum of the bits of all parameters, in their order.
inline std::string checksum_of(Layer<>& network) {
  Checksum sum;
  for (const Parameter<>* parameter : network.parameters())
    sum.add(parameter->value.data());
  return sum.text();
}

}  // namespace cnn
