// Exercise 5.
#include "transposed.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(transposed) {
  using namespace cnn;
  const auto exchange = [&](const Tensor<>& image,
                            const Tensor<>& expected) {
    check.equal(text_of(image), expected,
                [&] { return transposed(image); });
  };
  exchange(Tensor<>({2, 2}, {1, 2, 3, 4}), Tensor<>({2, 2}, {1, 3, 2, 4}));
  exchange(Tensor<>({2, 3}, {10, 11, 12, 20, 21, 22}),
           Tensor<>({3, 2}, {10, 20, 11, 21, 12, 22}));
  exchange(Tensor<>({4, 1}, {1, 2, 3, 4}), Tensor<>({1, 4}, {1, 2, 3, 4}));
  exchange(Tensor<>({3, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
           Tensor<>({4, 3}, {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
}
