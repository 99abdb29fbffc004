// Exercise 3.
#include "leaky_relu.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(leaky_relu) {
  using namespace cnn;
  using Doubles = Tensor<double>;
  const Doubles input({5}, {-3, -0.5, 0, 0.5, 3});
  check.equal("leaky_relu of " + text_of(input) + ", slope 0.1",
              Doubles({5}, {-0.3, -0.05, 0, 0.5, 3}),
              [&] { return leaky_relu(input, 0.1); });
  const Doubles ones({5}, 1.0), mixed({5}, {2, -4, 6, -8, 10});
  check.equal("leaky_relu_backward of grad_output " + text_of(ones) +
                  ", input " + text_of(input) + ", slope 0.1",
              Doubles({5}, {0.1, 0.1, 0.1, 1, 1}),
              [&] { return leaky_relu_backward(ones, input, 0.1); });
  check.equal("leaky_relu_backward of grad_output " + text_of(mixed) +
                  ", input " + text_of(input) + ", slope 0.25",
              Doubles({5}, {0.5, -1, 1.5, -8, 10}),
              [&] { return leaky_relu_backward(mixed, input, 0.25); });
}
