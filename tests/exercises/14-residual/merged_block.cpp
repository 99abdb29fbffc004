// Exercise 5.
#include "merged_block.hpp"

#include "02-convolution/convolution.hpp"
#include "04-backprop/layer_checks.hpp"
#include "14-residual/residual.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(merged_block) {
  using namespace cnn;
  Random random(1);
  const auto numbers = [&](const Shape& shape) {
    return random_doubles(shape, random);
  };
  // A merged convolution is right if it gives what the block gives.
  const auto ask = [&](const Tensor<double>& weight,
                       const Tensor<double>& x) {
    const int C = weight.extent(0), padding = weight.extent(2) / 2;
    const Tensor<double> bias = numbers({C});
    check.equal("weight " + text_of(weight) + "; bias " + text_of(bias) +
                    "; what the convolution gives for x " + text_of(x),
                skip_sum(convolve(x, weight, bias, 1, padding), x), [&] {
                  return convolve(x, merged_block(weight), bias, 1,
                                  padding);
                });
  };
  ask(Tensor<double>({1, 1, 1, 1}, 0.5), numbers({1, 1, 1, 2}));
  ask(Tensor<double>({2, 2, 1, 1}), numbers({1, 2, 1, 2}));
  ask(numbers({1, 1, 3, 3}), numbers({1, 1, 2, 3}));
  ask(numbers({3, 3, 5, 5}), numbers({2, 3, 4, 6}));
}
