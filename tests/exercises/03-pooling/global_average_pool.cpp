// Exercise 3.
#include "global_average_pool.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(global_average_pool) {
  using namespace cnn;
  const auto pool = [&](const Tensor<>& input, const Tensor<>& expected) {
    check.equal(text_of(input), expected,
                [&] { return global_average_pool(input); });
  };
  pool(Tensor<>({1, 1, 2, 2}, {1, 2, 3, 6}), Tensor<>({1, 1}, 3));
  pool(Tensor<>({1, 2, 2, 2}, {1, 2, 3, 6, 0, 0, 0, -2}),
       Tensor<>({1, 2}, {3, -0.5f}));
  pool(Tensor<>({1, 1, 2, 3}, {1, 2, 3, 4, 5, 9}), Tensor<>({1, 1}, 4));
  pool(Tensor<>({2, 1, 3, 1}, {1, 2, 6, 3, 0, 0}),
       Tensor<>({2, 1}, {3, 1}));
}
