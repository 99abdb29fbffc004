// Exercise 5.
#include "top_two_pool.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(top_two_pool) {
  using namespace cnn;
  const auto pool = [&](const Tensor<>& input, int window, int stride,
                        const Tensor<>& expected) {
    check.equal(text_of(input) + ", window " + std::to_string(window) +
                    ", stride " + std::to_string(stride),
                expected,
                [&] { return top_two_pool(input, window, stride); });
  };
  pool(Tensor<>({1, 1, 2, 2}, {9, 5, 1, 1}), 2, 2,
       Tensor<>({1, 1, 1, 1}, 7));
  pool(Tensor<>({1, 1, 2, 2}, {1, 5, 4, 9}), 2, 2,
       Tensor<>({1, 1, 1, 1}, 7));
  pool(Tensor<>({1, 1, 2, 2}, {3, 3, 0, 3}), 2, 2,
       Tensor<>({1, 1, 1, 1}, 3));
  pool(Tensor<>({1, 1, 2, 2}, {-4, -1, -3, -2}), 2, 2,
       Tensor<>({1, 1, 1, 1}, -1.5f));
  pool(Tensor<>({1, 2, 2, 3}, {1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1}), 2, 1,
       Tensor<>({1, 2, 1, 2}, {4.5f, 5.5f, 5.5f, 4.5f}));
}
