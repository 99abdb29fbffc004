// Exercise 4.
#include "strided_slice.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(strided_slice) {
  using namespace cnn;
  const Tensor<> image({3, 5}, {0, 1, 2, 3, 4,       //
                                10, 11, 12, 13, 14,  //
                                20, 21, 22, 23, 24});
  const auto slice = [&](int y0, int x0, int step,
                         const Tensor<>& expected) {
    check.equal(text_of(image) + ", from " + to_string(Shape{y0, x0}) +
                    " in steps of " + std::to_string(step),
                expected,
                [&] { return strided_slice(image, y0, x0, step); });
  };
  slice(0, 0, 1, image);
  slice(0, 0, 2, Tensor<>({2, 3}, {0, 2, 4, 20, 22, 24}));
  slice(1, 1, 2, Tensor<>({1, 2}, {11, 13}));
  slice(0, 1, 3, Tensor<>({1, 2}, {1, 4}));
  slice(2, 4, 5, Tensor<>({1, 1}, 24));
  check.refused("a step of 0", [&] { strided_slice(image, 0, 0, 0); });
  check.refused("a start in row 3", [&] { strided_slice(image, 3, 0, 1); });
  check.refused("a start in column -1",
                [&] { strided_slice(image, 0, -1, 1); });
  check.refused("a start in row -1",
                [&] { strided_slice(image, -1, 0, 1); });
  check.refused("a start in column 5 of 5",
                [&] { strided_slice(image, 0, 5, 1); });
}
