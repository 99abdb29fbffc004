// Exercise 6.
#include "one_view_for_two.hpp"

#include <vector>

#include "15-colour/colour_views.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(one_view_for_two) {
  using namespace cnn;
  const std::vector<float> square = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const auto seen = [](const std::vector<float>& from, int view) {
    std::vector<float> to(from.size());
    change_view<float>(from, to, 1, 3, 3, view, 0, 0);
    return to;
  };
  for (int first = 0; first < 8; ++first)
    for (int second = 0; second < 8; ++second) {
      int expected = 0;
      while (seen(square, expected) != seen(seen(square, first), second))
        ++expected;
      check.equal("first " + text_of(first) + ", second " + text_of(second),
                  expected,
                  [&] { return one_view_for_two(first, second); });
    }
}
