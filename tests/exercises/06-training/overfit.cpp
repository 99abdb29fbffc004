// Exercise 6.
#include "overfit.hpp"

#include "06-training/network.hpp"
#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

// Images with one bright cell each, and labels in turn.
Dataset some_images(int count, int classes) {
  Dataset data{Tensor<>({count, 1, 3, 3}), {}, classes};
  for (int n = 0; n < count; ++n) {
    data.images(n, 0, n % 3, n / 3 % 3) = 1;
    data.labels.push_back(n % classes);
  }
  return data;
}

Network<> small_network(int classes) {
  return build_network(Architecture{Flatten{}, Dense{.outputs = classes}},
                       {1, 3, 3});
}

// How many steps a run of our own takes.
int expected_steps(const Dataset& images, double rate) {
  Network<> network = small_network(images.classes);
  Sgd sgd;
  int steps = 0;
  while (accuracy(evaluate(network, images), images.labels) < 1) {
    double loss = 0;
    training_step(network, sgd, images, rate, loss);
    ++steps;
  }
  return steps;
}

}  // namespace

EXERCISE(overfit) {
  const auto known = [&](const std::string& what, int count, int classes,
                         double rate, int most, int expected) {
    const Dataset images = some_images(count, classes);
    check.equal(
        what + ", most_steps " + std::to_string(most), expected, [&] {
          Network<> network = small_network(classes);
          Sgd sgd;
          return steps_until_known(network, sgd, images, rate, most);
        });
  };
  known("one image that a network of zeros happens to read right", 1, 2,
        0.1, 10, 0);
  const int six = expected_steps(some_images(6, 3), 0.5);
  known("six images of three classes, learning rate 0.5", 6, 3, 0.5, 100,
        six);
  known("six images of three classes, learning rate 0.5", 6, 3, 0.5, six,
        six);
  known("six images of three classes, learning rate 0.5", 6, 3, 0.5,
        six - 1, -1);
  known("eighteen images, each twice with two labels", 18, 4, 0.5, 20, -1);
}
