// Exercise 4.
#include "both_orientations.hpp"

#include <utility>
#include <vector>

#include "tests/exercises/check.hpp"

EXERCISE(both_orientations) {
  using namespace cnn;
  Tensor<> image({3, 2, 3});
  for (std::size_t i = 0; i < image.data().size(); ++i)
    image.data()[i] = static_cast<float>(i);
  for (int first = 1; first <= 8; ++first)
    for (int second = 1; second <= 8; ++second) {
      const Tensor<> turned = upright(upright(image, first), second);
      check.equal(
          "a picture of 2 x 3 pixels 0 to 5 turned upright by "
          "both_orientations(" +
              text_of(first) + ", " + text_of(second) + ")",
          turned,
          [&] { return upright(image, both_orientations(first, second)); });
    }
  for (const std::pair<int, int>& it : std::vector<std::pair<int, int>>{
           {0, 1}, {1, 0}, {9, 1}, {1, 9}, {-1, 3}, {3, 1000}})
    check.refused("both_orientations(" + text_of(it.first) + ", " +
                      text_of(it.second) + ")",
                  [&] { return both_orientations(it.first, it.second); });
}
