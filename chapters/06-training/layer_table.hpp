// What a network is made of, layer by layer, in numbers.
// Book: book/06-training.md
#pragma once

#include <string>
#include <vector>

#include "06-training/network.hpp"

namespace cnn {

struct LayerSummary {
  std::string name;
  Shape output;  // for one image: (C, H, W) or (F)
  Shape weight;  // empty where nothing can be learned
  int parameters = 0;
};

// image (C, H, W)
inline std::vector<LayerSummary> compute_layers(
    const Architecture& architecture, const Shape& image) {
  Network<> network = build_network(architecture, image);
  const std::vector<Tensor<>> outputs =
      all_outputs(network, Tensor<>({1, image[0], image[1], image[2]}));
  std::vector<LayerSummary> layers;
  for (std::size_t i = 0; i < network.size(); ++i) {
    const Shape& shape = outputs[i].shape();
    const auto parameters = network.layer(i).parameters();
    layers.push_back(
        {network.name(i), Shape(shape.begin() + 1, shape.end()),
         parameters.empty() ? Shape{} : parameters[0]->value.shape(),
         parameter_count(network.layer(i))});
  }
  return layers;
}

}  // namespace cnn
