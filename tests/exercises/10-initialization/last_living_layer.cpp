// Exercise 3.
#include "last_living_layer.hpp"

#include <limits>

#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

struct Living {
  double deviation;
  int inputs, width;
  double size, limit;
};

std::string text_of_living(const Living& it) {
  return "deviation " + text_of(it.deviation) + ", inputs " +
         text_of(it.inputs) + ", width " + text_of(it.width) + ", size " +
         text_of(it.size) + ", limit " + text_of(it.limit);
}

}  // namespace

EXERCISE(last_living_layer) {
  const auto lives = [&](const Living& it, int expected) {
    check.equal(text_of_living(it), expected, [&] {
      return last_living_layer(it.deviation, it.inputs, it.width, it.size,
                               it.limit);
    });
  };
  // Every layer halves: 0.5, 0.25, 0.125.
  lives({0.5, 2, 2, 1, 0.2}, 2);
  lives({0.5, 2, 2, 1, 0.3}, 1);
  lives({0.5, 2, 2, 1, 0.6}, 0);
  // The first layer sums over more: 2, then 1, 0.5.
  lives({0.5, 32, 2, 1, 0.75}, 2);
  lives({0.5, 32, 2, 1, 1.5}, 1);
  // The page's: 0.131 after layer 1, a tenth of it after each further one.
  lives({0.02, 784, 50, 0.33, 1e-6}, 6);
  lives({0.01, 784, 100, 0.33, 1e-10}, 8);
  const auto refuse = [&](const Living& it) {
    check.refused(text_of_living(it), [&] {
      return last_living_layer(it.deviation, it.inputs, it.width, it.size,
                               it.limit);
    });
  };
  refuse({1, 2, 2, 1, 0.2});  // factor 1: the signal lives for ever
  refuse({2, 2, 2, 1, 0.2});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {0.0, -1.0, nan}) {
    refuse({bad, 2, 2, 1, 0.2});
    refuse({0.5, 2, 2, bad, 0.2});
    refuse({0.5, 2, 2, 1, bad});
  }
  for (const int bad : {0, -1}) {
    refuse({0.5, bad, 2, 1, 0.2});
    refuse({0.5, 2, bad, 1, 0.2});
  }
}
