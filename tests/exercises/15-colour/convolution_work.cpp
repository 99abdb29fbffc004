// Exercise 5.
#include "convolution_work.hpp"

#include "07-speed/work.hpp"
#include "15-colour/colour_network.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(convolution_work) {
  using namespace cnn;
  const auto ask = [&](int a, int b, int c) {
    const Work work = count_work(colour_network({a, b, c}), {3, 32, 32});
    double sum = 0;
    for (std::size_t i = 0; i < work.names.size(); ++i)
      if (work.names[i].rfind("conv", 0) == 0) sum += work.forward[i];
    check.equal(
        "a " + text_of(a) + ", b " + text_of(b) + ", c " + text_of(c), sum,
        [&] { return convolution_work(a, b, c); });
  };
  ask(2, 2, 2);
  ask(8, 32, 32);
  ask(16, 64, 64);
  ask(32, 128, 128);
  ask(3, 5, 7);
}
