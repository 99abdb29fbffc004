// Exercise 4.
#include "global_average_pool_backward.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(global_average_pool_backward) {
  using namespace cnn;
  using Doubles = Tensor<double>;
  const auto back = [&](const Doubles& grad_output, const Shape& shape,
                        const Doubles& expected) {
    check.equal("grad_output " + text_of(grad_output) + ", input_shape " +
                    to_string(shape),
                expected, [&] {
                  return global_average_pool_backward(grad_output, shape);
                });
  };
  back(Doubles({1, 1}, 8), {1, 1, 2, 2}, Doubles({1, 1, 2, 2}, 2.0));
  back(Doubles({1, 2}, {6, -3}), {1, 2, 1, 3},
       Doubles({1, 2, 1, 3}, {2, 2, 2, -1, -1, -1}));
  back(Doubles({2, 1}, {1, 4}), {2, 1, 2, 1},
       Doubles({2, 1, 2, 1}, {0.5, 0.5, 2, 2}));
}
