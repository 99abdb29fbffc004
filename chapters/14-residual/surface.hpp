// The loss around a trained network, on a plane through it (Li and others,
// "Visualizing the Loss Landscape of Neural Nets", 2018).
// Book: book/14-residual.md
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/layer.hpp"
#include "13-normalization/normalized_networks.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// A step for every parameter of a network, in that parameter's shape.
using WeightDirection = std::vector<Tensor<>>;

inline float length_of(std::span<const float> numbers) {
  float sum = 0;
  for (const float number : numbers) sum += number * number;
  return std::sqrt(sum);
}

// A random direction in which each filter is as long as the network's, so
// that a step of 1 changes every filter by its own length. The steps of
// biases, scales and statistics are 0.                               (14.8)
inline WeightDirection filter_normalized(Layer<>& network, Random& random) {
  WeightDirection direction;
  for (const Parameter<>* it : network.parameters()) {
    Tensor<> step(it->value.shape());
    if (it->fan_in > 0)
      for (int co = 0; co < step.extent(0); ++co) {
        const auto numbers = row_of(step, co);
        for (float& number : numbers) number = random.normal();
        const float factor =
            length_of(row_of(it->value, co)) / length_of(numbers);
        for (float& number : numbers) number *= factor;
      }
    direction.push_back(std::move(step));
  }
  return direction;
}

// The loss at w + a u + b v, where w are the network's weights and a and b
// take `cells` values from -reach to reach. -> (cells, cells): a row for
// each b, the largest first. The network is left as it was.
// Throws std::invalid_argument for fewer than 2 cells, for directions that
// do not fit the network, and for labels that are not classes.
inline Tensor<> loss_plane(Layer<>& network, const WeightDirection& u,
                           const WeightDirection& v, const Dataset& digits,
                           int cells, float reach) {
  if (cells < 2)
    fail(Refusal::argument, "loss_plane: expected 2 cells or more, got " +
                                std::to_string(cells));
  const std::vector<Parameter<>*> parameters = network.parameters();
  for (const WeightDirection* direction : {&u, &v}) {
    if (direction->size() != parameters.size())
      fail(Refusal::argument,
           "loss_plane: expected directions of " +
               counted_text(parameters.size(), "parameter") + ", got " +
               std::to_string(direction->size()));
    for (std::size_t p = 0; p < parameters.size(); ++p)
      require_shape((*direction)[p].shape(), parameters[p]->value.shape(),
                    "loss_plane", parameters[p]->name);
  }
  const PutBackAtEnd centre(network);
  const auto at = [&](int i) {
    return reach *
           (2.0f * static_cast<float>(i) / static_cast<float>(cells - 1) -
            1.0f);
  };
  Tensor<> plane({cells, cells});
  for (int y = 0; y < cells; ++y) {
    for (int x = 0; x < cells; ++x) {
      const float a = at(x), b = -at(y);
      for (std::size_t p = 0; p < parameters.size(); ++p) {
        const std::span<float> to = parameters[p]->value.data();
        const std::span<const float> from = centre.values()[p].data(),
                                     du = u[p].data(), dv = v[p].data();
        for (std::size_t i = 0; i < to.size(); ++i)
          to[i] = from[i] + (a * du[i] + b * dv[i]);
      }
      // Normalizations use the statistics of these digits, as in training.
      plane(y, x) = cross_entropy(
          network.forward(digits.images, Mode::training), digits.labels);
    }
  }
  return plane;
}

// The share of a plane's cells where the loss is below a limit.
inline double share_below(const Tensor<>& plane, float limit) {
  int below = 0;
  for (const float loss : plane.data()) below += loss < limit;
  return static_cast<double>(below) / plane.size();
}

}  // namespace cnn
