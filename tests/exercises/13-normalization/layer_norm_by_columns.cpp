// Exercise 4.
#include "layer_norm_by_columns.hpp"

#include "04-backprop/layer_checks.hpp"
#include "13-normalization/group_norm.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(layer_norm_by_columns) {
  using namespace cnn;
  Random random(2);
  const auto ask = [&](const Shape& shape) {
    Tensor<double> input = random_doubles(shape, random);
    for (double& number : input.data()) number += 1;
    check.equal("input " + text_of(input),
                group_norm(input, 1, Tensor<double>({shape[1]}, 1.0),
                           Tensor<double>({shape[1]}), 1e-5),
                [&] { return layer_norm_by_columns(input); });
  };
  ask({1, 1, 1, 4});
  ask({2, 1, 2, 2});
  ask({3, 2, 2, 3});
}
