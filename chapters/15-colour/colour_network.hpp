// The network of this chapter: a fixed first layer and three groups of two
// convolutions.
// Book: book/15-colour.md
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "13-normalization/normalized_list.hpp"
#include "15-colour/identity_start.hpp"
#include "15-colour/whitening.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// The channels of the convolutions in each of the three groups: W(a, b, c).
struct Widths {
  int a = 16, b = 64, c = 64;

  friend bool operator==(const Widths&, const Widths&) = default;
};

inline std::string widths_text(const Widths& it) {
  return "W(" + std::to_string(it.a) + ", " + std::to_string(it.b) + ", " +
         std::to_string(it.c) + ")";
}

// The side of the patches that the first layer whitens, in pixels.
inline constexpr int whitened_side = 2;

// The side of the maps before the last pool, for pictures of `size` x
// `size` pixels: 3 for 32, and 0 if the pictures are too small.
inline int last_map_side(int size) {
  return (size - whitened_side + 1) / 2 / 2 / 2;
}

// Keller Jordan's network for CIFAR-10 ("94 % on CIFAR-10 in 3.29 Seconds
// on a Single GPU", 2024), but with ReLU and of any widths, for pictures
// (channels, size, size).
// Throws std::invalid_argument for widths or classes below 2, no channels,
// or pictures below 9 x 9.
inline NormalizedArchitecture colour_network(const Widths& it,
                                             int channels = 3,
                                             int size = 32,
                                             int classes = 10) {
  if (it.a < 2 || it.b < 2 || it.c < 2 || channels < 1 || classes < 2 ||
      last_map_side(size) < 1)
    fail(Refusal::argument,
         "colour_network: expected widths of 2 or more, 2 or more classes "
         "and pictures of 9 x 9 or more, got " +
             widths_text(it) + ", " +
             counted_text(classes, "class", "classes") +
             " and pictures of " + std::to_string(size) + " x " +
             std::to_string(size));
  const int numbers = channels * whitened_side * whitened_side;
  NormalizedArchitecture layers = {
      Convolution{.channels = 2 * numbers, .kernel = whitened_side},
      Relu{}};
  for (const int width : {it.a, it.b, it.c}) {
    const Convolution convolution{.channels = width, .padding = 1};
    const BatchNorm norm{.momentum = 0.4};
    layers.push_back(convolution);
    layers.push_back(MaxPool{{.window = 2, .stride = 2}});
    layers.push_back(norm);
    layers.push_back(Relu{});
    layers.push_back(convolution);
    layers.push_back(norm);
    layers.push_back(Relu{});
  }
  const int side = last_map_side(size);
  if (side > 1) layers.push_back(MaxPool{{.window = side, .stride = side}});
  layers.push_back(Flatten{});
  layers.push_back(Dense{.outputs = classes});
  return layers;
}

// The same for the pictures of a data set, which must be square.
inline NormalizedArchitecture colour_network_for(const Widths& it,
                                                 const Dataset& data) {
  const Shape& shape = data.shape();
  require_rank(shape, 4, "colour_network_for", "images");
  require_shape(shape, {shape[0], shape[1], shape[2], shape[2]},
                "colour_network_for", "images");
  return colour_network(it, shape[1], shape[2], data.classes);
}

// ---- Before the first step ---------------------------------------------

// whitened: the first layer holds whitening filters and does not learn.
// identity: the other convolutions begin with identity_start().
struct ColourStart {
  bool whitened = true, identity = true;
  std::uint64_t seed = 1;
};

// The number of training pictures from which the whitening filters come.
inline constexpr int whitening_pictures = 2000;

// Initializes a network. The last layer's weights are normal random numbers
// divided by the number of its inputs, so that the first scores are small.
// The scales of the normalizations stay 1 and the last layer's biases 0: at
// the rate that suits the other biases, these would swing ever more widely.
inline void start_colours(Layer<>& network, const Dataset& train,
                          const ColourStart& it) {
  Random random(it.seed);
  initialize(network, it.identity ? identity_start() : uniform_start(),
             random);
  Parameter<>& last = last_weight_of(network, "start_colours");
  for (float& number : last.value.data())
    number = random.normal() / static_cast<float>(last.fan_in);
  for (Parameter<>* parameter : network.parameters())
    if (parameter->fan_in == 0 && parameter->start == 1)
      parameter->trained = false;
  network.parameters().back()->trained = false;
  if (it.whitened)
    set_whitening(network,
                  whitening_of(first(train, whitening_pictures).images,
                               whitened_side));
}

}  // namespace cnn
