// Exercise 4.
#include "slice.hpp"

#include <string>

#include "tests/exercises/check.hpp"

EXERCISE(slice) {
  using namespace cnn;
  const auto takes = [&](double milliseconds, double speed, int batch,
                         int left, int expected) {
    check.equal(text_of(milliseconds) + " ms, " + text_of(speed) +
                    " images a second, batch " + text_of(batch) + ", " +
                    text_of(left) + " steps left",
                expected, [&] {
                  return steps_of_slice(milliseconds, speed, batch, left);
                });
  };
  takes(16, 10000, 32, 1500, 5);
  takes(16, 10000, 64, 1500, 2);
  takes(16, 2000, 32, 1500, 1);
  takes(16, 500, 32, 1500, 1);
  takes(16, 0, 32, 1500, 1);
  takes(16, 10000, 32, 3, 3);
  takes(16, 500, 32, 0, 0);
  takes(16, 10000, 32, 0, 0);
  takes(1000, 1e15, 1, 1500, 1500);
}
