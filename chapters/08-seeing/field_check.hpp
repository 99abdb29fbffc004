// Receptive fields, checked against the gradients of the network itself.
// Book: book/08-seeing.md
#pragma once

#include <vector>

#include "07-speed/fast_network.hpp"
#include "08-seeing/receptive_field.hpp"

namespace cnn {

// How many pixels inside and outside its receptive field a cell depends on.
struct Reached {
  int inside = 0, outside = 0;
};

// Counts the pixels on which the middle cells of a layer's maps depend:
// those for which the gradient of the sum of these cells over all channels
// is not 0 for at least one of the images.
// images (N, 1, H, W), maps: the shape (N, C, side, side) of the layer's
// output
inline Reached compute_reached(FastNetwork& network, const Tensor<>& images,
                               std::size_t layer, const Shape& maps,
                               const ReceptiveField& field) {
  const int cell = maps[2] / 2;
  Tensor<> grad_output(maps);
  for (int n = 0; n < maps[0]; ++n)
    for (int c = 0; c < maps[1]; ++c) grad_output(n, c, cell, cell) = 1;
  const Tensor<> pixels =
      network.input_gradient(images, layer, grad_output);
  const auto in_field = [&](int at) {
    return at >= field.begin(cell) && at < field.begin(cell) + field.size;
  };
  Reached count;
  for (int y = 0; y < images.extent(2); ++y)
    for (int x = 0; x < images.extent(3); ++x) {
      bool reached = false;
      for (int n = 0; n < images.extent(0); ++n)
        reached = reached || pixels(n, 0, y, x) != 0.0f;
      (in_field(y) && in_field(x) ? count.inside : count.outside) +=
          reached;
    }
  return count;
}

// The receptive field of one layer, and what its middle cells depend on.
struct LayerField {
  ReceptiveField field;
  int side = 0;  // of its maps
  Reached reached;
};

// One for each layer before Flatten. images (N, 1, H, W)
inline std::vector<LayerField> compute_fields(FastNetwork& network,
                                              const Tensor<>& images) {
  const std::vector<ReceptiveField> fields =
      receptive_fields(digit_network);
  const std::vector<Tensor<>> outputs = network.outputs(images);
  std::vector<LayerField> all;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Shape& maps = outputs[i].shape();
    all.push_back({fields[i], maps[2],
                   compute_reached(network, images, i, maps, fields[i])});
  }
  return all;
}

}  // namespace cnn
