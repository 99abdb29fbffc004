// A toy in two dimensions: points in a square, a small dense network that
// learns to which class each belongs, and what it would answer everywhere
// else.
// Book: book/18-browser.md
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/initializer.hpp"
#include "06-training/network.hpp"
#include "06-training/sgd.hpp"
#include "06-training/training.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The classes of the toy. The network always has an output for each of the
// three, so that a class can be added while it learns.
inline constexpr int toy_classes = 3;

// x to the right and y upwards, both from -1 to 1.
struct ToyPoint {
  float x = 0, y = 0;
  int label = 0;
};

// A point is an image of two numbers: (N, 2, 1, 1).
inline Dataset toy_dataset(const std::vector<ToyPoint>& points) {
  Dataset data;
  data.classes = toy_classes;
  std::vector<float> numbers;
  for (const ToyPoint& point : points) {
    numbers.insert(numbers.end(), {point.x, point.y});
    data.labels.push_back(point.label);
  }
  data.images = Tensor<>({data.size(), 2, 1, 1}, numbers);
  return data;
}

struct ToySettings {
  std::vector<int> hidden = {8};  // the width of each hidden layer
  double learning_rate = 0.1;
  double momentum = 0.9;
  std::uint64_t seed = 1;  // for the initial weights
};

// The layers of the toy's network. With no hidden layer it is chapter 05's
// classifier for two pixels, whose classes are parted by straight lines.
// Throws std::invalid_argument for more than 4 hidden layers, or for a
// width that is not from 1 to 64.
inline Architecture toy_architecture(const std::vector<int>& hidden) {
  if (hidden.size() > 4)
    fail(Refusal::argument, "toy: expected at most 4 hidden layers, got " +
                                std::to_string(hidden.size()));
  Architecture layers = {Flatten{}};
  for (const int width : hidden) {
    if (width < 1 || width > 64)
      fail(Refusal::argument,
           "toy: expected 1 to 64 outputs of a hidden layer, got " +
               std::to_string(width));
    layers.push_back(Dense{width});
    layers.push_back(Relu{});
  }
  layers.push_back(Dense{toy_classes});
  return layers;
}

class Toy {
 public:
  explicit Toy(const ToySettings& settings = {})
      : network_(
            build_network(toy_architecture(settings.hidden), {2, 1, 1})),
        sgd_(settings.momentum),
        learning_rate_(settings.learning_rate) {
    Random random(settings.seed);
    initialize(network_, he_initializer(), random);
  }

  // Learns from all points at once. Returns what it saw before the step.
  // Throws std::runtime_error when a number is no longer finite.
  TrainingStep step(const Dataset& points) {
    ++now_.step;
    now_.learning_rate = learning_rate_;
    const Tensor<> logits =
        training_step(network_, sgd_, points, learning_rate_, now_.loss);
    require_finite(now_, network_.parameters(), "toy");
    now_.accuracy = accuracy(logits, points.labels);
    settled_ = now_.loss < 0.01;
    if (now_.step % 500 == 0) {
      settled_ |= std::abs(now_.loss / earlier_loss_ - 1) < 0.01;
      earlier_loss_ = now_.loss;
    }
    return now_;
  }

  // Whether little is left to be gained: either hardly a doubt is left, or
  // the last 500 steps changed the loss by less than 1 %.
  bool settled() const { return settled_; }

  // The probabilities in the middle of each cell of a grid over the square,
  // row by row from the top left. -> (side * side, classes)
  Tensor<> regions(int side) {
    std::vector<ToyPoint> middles;
    const auto middle = [side](int cell) {
      return (2.0f * static_cast<float>(cell) + 1.0f) /
                 static_cast<float>(side) -
             1.0f;
    };
    for (int row = 0; row < side; ++row)
      for (int column = 0; column < side; ++column)
        middles.push_back({middle(column), -middle(row), 0});
    return softmax(
        network_.forward(toy_dataset(middles).images, Mode::evaluation));
  }

  Network<>& network() { return network_; }

 private:
  Network<> network_;
  Sgd sgd_;
  double learning_rate_;
  TrainingStep now_;
  double earlier_loss_ = std::numeric_limits<double>::infinity();
  bool settled_ = false;
};

}  // namespace cnn
