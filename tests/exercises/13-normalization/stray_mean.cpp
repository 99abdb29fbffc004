// Exercise 3.
#include "stray_mean.hpp"

#include "13-normalization/batch_norm.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(stray_mean) {
  using namespace cnn;
  // The layer after a convolution that sees only black.
  const auto ask = [&](double start, double bias, double momentum,
                       int passes) {
    BatchNormLayer<double> layer(1, {momentum, 1e-5});
    layer.parameters()[2]->value(0) = start;
    for (int pass = 0; pass < passes; ++pass)
      layer.forward(Tensor<double>({2, 1, 3, 3}, bias), Mode::training);
    check.equal("start " + text_of(start) + ", bias " + text_of(bias) +
                    ", momentum " + text_of(momentum) + ", passes " +
                    text_of(passes),
                layer.parameters()[2]->value(0),
                [&] { return stray_mean(start, bias, momentum, passes); });
  };
  ask(2, 0, 0.1, 0);
  ask(2, 0, 0.1, 1);
  ask(2, 0.5, 0.1, 20);
  ask(-1, 3, 0.25, 4);
  ask(-1, 3, 1, 2);
}
