// Exercise 4.
#include "dilated.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(dilated) {
  using namespace cnn;
  Tensor<> image({5, 6});
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 6; ++x)
      image(y, x) = static_cast<float>(10 * y + x * x);
  const Tensor<> kernel({2, 2}, {1, -2, 3, 4});
  const auto dilate = [&](int dilation, const Tensor<>& expected) {
    check.equal("image (y, x) = 10 y + x^2 of shape " +
                    to_string(image.shape()) + ", kernel " +
                    text_of(kernel) + ", dilation " +
                    std::to_string(dilation),
                expected,
                [&] { return correlate_dilated(image, kernel, dilation); });
  };
  dilate(1, correlate2d(image, kernel));
  // A kernel with zeros between is the same as one with gaps.
  dilate(2, correlate2d(image, Tensor<>({3, 3}, {1, 0, -2,  //
                                                 0, 0, 0,   //
                                                 3, 0, 4})));
  Tensor<> wide({5, 5});
  wide(0, 0) = 1, wide(0, 4) = -2, wide(4, 0) = 3, wide(4, 4) = 4;
  dilate(4, correlate2d(image, wide));
  check.refused("a dilation of 5: the window is 6 cells wide, 5 are there",
                [&] { correlate_dilated(image, kernel, 5); });
  check.refused("a dilation of 0",
                [&] { correlate_dilated(image, kernel, 0); });
}
