// Exercise 3.
#include "channels_last.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(channels_last) {
  using namespace cnn;
  const Shape shape = {2, 3, 4, 5};
  const auto place = [&](int n, int c, int y, int x, int expected) {
    check.equal("(n, c, y, x) = " + to_string(Shape{n, c, y, x}) +
                    " of shape (N, C, H, W) = " + to_string(shape),
                expected,
                [&] { return place_channels_last(n, c, y, x, shape); });
  };
  place(0, 0, 0, 0, 0);
  place(0, 1, 0, 0, 1);   // the next colour of the same pixel
  place(0, 0, 0, 1, 3);   // the next pixel
  place(0, 0, 1, 0, 15);  // a row of 5 pixels
  place(1, 0, 0, 0, 60);  // a picture
  place(1, 2, 3, 4, 119);
  place(1, 0, 2, 3, 99);
}
