// What a hidden cell sees of the picture, and which window of real digits
// it answers to most.
#pragma once

#include <limits>
#include <stdexcept>
#include <string>
#include <variant>

#include "06-training/network.hpp"

namespace cnn {

// The window of the picture that cell (y, x) of a layer depends on: `size`
// rows and columns, from row stride * y + first and column stride * x +
// first on.
struct Field {
  int size = 1, stride = 1, first = 0;

  int begin(int cell) const { return stride * cell + first; }
  // Whether a cell's window lies inside a picture of so many pixels.
  bool inside(int cell, int pixels) const {
    return begin(cell) >= 0 && begin(cell) + size <= pixels;
  }
};

// A window of K cells of a map, each of which sees a field.
inline Field through(const Field& field, int K, int stride, int padding) {
  return {field.size + (K - 1) * field.stride, field.stride * stride,
          field.first - padding * field.stride};
}
inline Field through(const Field& field, const Convolution& it) {
  return through(field, it.kernel, it.stride, it.padding);
}
inline Field through(const Field& field, const Pooling& it) {
  return through(field, it.window, it.stride, it.padding);
}
inline Field through(const Field& field, const MaxPool& it) {
  return through(field, it.pooling);
}
inline Field through(const Field& field, const AveragePool& it) {
  return through(field, it.pooling);
}
inline Field through(const Field& field, const Relu&) {
  return field;
}
// Behind these a cell sees the whole picture.
template <class Entry>
Field through(const Field&, const Entry&) {
  throw std::invalid_argument(
      "field_of: expected a layer of maps, before any Flatten");
}

// What a cell of layer `layer`, counted from 0, sees of the picture.
// Throws std::invalid_argument for a layer behind a Flatten, and for one
// that there is not.
inline Field field_of(const Architecture& architecture, std::size_t layer) {
  if (layer >= architecture.size())
    throw std::invalid_argument("field_of: expected a layer from 0 to " +
                                std::to_string(architecture.size() - 1) +
                                ", got " + std::to_string(layer));
  Field field;
  for (std::size_t i = 0; i <= layer; ++i)
    field = std::visit([&](const auto& it) { return through(field, it); },
                       architecture[i]);
  return field;
}

// Where a map is largest, over many images.
struct Peak {
  int image = 0, y = 0, x = 0;
  float value = -std::numeric_limits<float>::infinity();
};

// The largest answer of a channel among the cells that see only what is
// inside the picture. maps (N, C, H, W), pictures of so many pixels a side
inline Peak strongest(const Tensor<>& maps, int channel, const Field& field,
                      int pixels) {
  Peak peak;
  for (int n = 0; n < maps.extent(0); ++n)
    for (int y = 0; y < maps.extent(2); ++y)
      for (int x = 0; x < maps.extent(3); ++x)
        if (field.inside(y, pixels) && field.inside(x, pixels) &&
            maps(n, channel, y, x) > peak.value)
          peak = {n, y, x, maps(n, channel, y, x)};
  return peak;
}

}  // namespace cnn
