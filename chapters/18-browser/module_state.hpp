// The network that the page is using, shared by all that ask it.
// Book: book/18-browser.md
#pragma once

#include <memory>
#include <string>

#include "07-speed/fast_network.hpp"
#include "16-saving/network_file.hpp"
#include "17-handwriting/class_names.hpp"
#include "17-handwriting/views.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

struct NetworkInUse {
  NetworkPlan plan;
  std::shared_ptr<FastNetwork> network;
  Reader reader;         // pictures -> probabilities
  ClassNames names;      // of its answers; empty for the ten digits
  bool refuses = false;  // as chapter 17's reader does, below its threshold
  Tensor<> picture;      // (1, 1, 28, 28): the last that it was asked about
};

// The network in use. Throws std::runtime_error if none was loaded yet.
NetworkInUse& current_network();

}  // namespace cnn
