// Exercise 5.
#include "max_pool_row_backward.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(max_pool_row_backward) {
  using namespace cnn;
  using Doubles = Tensor<double>;
  const auto back = [&](const Doubles& grad_output, const Doubles& input,
                        int window, int stride, const Doubles& expected) {
    check.equal("grad_output " + text_of(grad_output) + ", input " +
                    text_of(input) + ", window " + std::to_string(window) +
                    ", stride " + std::to_string(stride),
                expected, [&] {
                  return max_pool_row_backward(grad_output, input, window,
                                               stride);
                });
  };
  back(Doubles({1, 1}, 5), Doubles({1, 2}, {1, 3}), 2, 2,
       Doubles({1, 2}, {0, 5}));
  back(Doubles({1, 2}, {5, 7}), Doubles({1, 4}, {1, 3, 8, 2}), 2, 2,
       Doubles({1, 4}, {0, 5, 7, 0}));
  back(Doubles({1, 2}, {5, 7}), Doubles({1, 4}, {-4, -3, -1, -2}), 2, 2,
       Doubles({1, 4}, {0, 5, 7, 0}));
  back(Doubles({1, 3}, {1, 10, 100}), Doubles({1, 4}, {0, 9, 3, 4}), 2, 1,
       Doubles({1, 4}, {0, 11, 0, 100}));
  back(Doubles({1, 2}, {5, 7}), Doubles({1, 4}, {1, 9, 2, 4}), 3, 1,
       Doubles({1, 4}, {0, 12, 0, 0}));
  back(Doubles({2, 1}, {1, 2}), Doubles({2, 3}, {2, 2, 1, 0, 5, 5}), 3, 1,
       Doubles({2, 3}, {1, 0, 0, 0, 2, 0}));
}
