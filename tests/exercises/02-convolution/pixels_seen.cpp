// Exercise 3.
#include "pixels_seen.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(pixels_seen) {
  using namespace cnn;
  const auto see = [&](const std::vector<int>& kernels,
                       const std::vector<int>& strides, int expected) {
    check.equal(
        "kernels " + to_string(kernels) + ", strides " + to_string(strides),
        expected, [&] { return pixels_seen(kernels, strides); });
  };
  see({}, {}, 1);
  see({3}, {1}, 3);
  see({5}, {2}, 5);
  see({3, 3}, {1, 1}, 5);
  see({3, 3, 3}, {1, 1, 1}, 7);
  see({3, 3}, {2, 1}, 7);
  see({2, 3, 3}, {2, 2, 1}, 14);
  see({1, 1}, {4, 1}, 1);
}
