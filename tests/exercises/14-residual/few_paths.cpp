// Exercise 3.
#include "few_paths.hpp"

#include "14-residual/paths.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(few_paths) {
  using namespace cnn;
  const auto ask = [&](int blocks, int most) {
    double sum = 0;
    if (blocks == 0)
      sum = 1;
    else
      for (int k = 0; k <= most; ++k)
        sum += paths_by_length(blocks)[static_cast<std::size_t>(k)];
    check.equal("blocks " + text_of(blocks) + ", most " + text_of(most),
                sum, [&] { return few_paths(blocks, most); });
  };
  ask(3, 0);
  ask(3, 1);
  ask(8, 2);
  ask(20, 5);
  ask(20, 20);
  ask(50, 25);
  ask(0, 0);
}
