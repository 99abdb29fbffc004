// Exercise 4.
#include "min_pool.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(min_pool) {
  using namespace cnn;
  const auto pool = [&](const Tensor<>& input, const Pooling& it,
                        const Tensor<>& expected) {
    check.equal(text_of(input) + ", window " + std::to_string(it.window) +
                    ", stride " + std::to_string(it.stride) + ", padding " +
                    std::to_string(it.padding),
                expected, [&] { return min_pool(input, it); });
  };
  pool(Tensor<>({1, 1, 2, 2}, {4, 2, 3, 9}), {2, 2, 0},
       Tensor<>({1, 1, 1, 1}, 2));
  pool(Tensor<>({1, 1, 2, 4}, {-1, 5, 0, 8, 3, -7, 6, 2}), {2, 2, 0},
       Tensor<>({1, 1, 1, 2}, {-7, 0}));
  pool(Tensor<>({1, 2, 2, 2}, {4, 2, 3, 9, 1, 1, 1, 0}), {2, 1, 0},
       Tensor<>({1, 2, 1, 1}, {2, 0}));
  pool(Tensor<>({1, 1, 2, 2}, {4, 2, 3, 9}), {2, 2, 1},
       Tensor<>({1, 1, 2, 2}, {4, 2, 3, 9}));
}
