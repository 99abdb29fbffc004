// Exercise 6.
#include "three_outputs.hpp"

#include <array>

#include "07-speed/products_and_errors.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(three_outputs) {
  using namespace cnn;
  const auto filter = [&](const std::array<float, 4>& d,
                          const std::array<float, 2>& g) {
    const Tensor<> inputs({4}, {d[0], d[1], d[2], d[3]});
    const Tensor<> taps({2}, {g[0], g[1]});
    Tensor<> expected({3});
    for (int y = 0; y < 3; ++y)
      expected(y) = inputs(y) * taps(0) + inputs(y + 1) * taps(1);
    check.equal("inputs " + text_of(inputs) + ", taps " + text_of(taps),
                expected, [&] {
                  const std::array<float, 3> y = three_outputs(d, g);
                  return Tensor<>({3}, {y[0], y[1], y[2]});
                });
  };
  filter({1, 0, 0, 0}, {1, 0});
  filter({0, 0, 0, 1}, {0, 1});
  filter({3, 1, 4, 2}, {2, 1});
  filter({3, 1, 4, 2}, {-1, 5});
  filter({0.5f, -7, 2, 11}, {3, -0.25f});
  const std::string few = "4 products or fewer";
  check.equal("numbers that count their products", few, [&] {
    const CountingNumber x = CountingNumber::variable(3);
    const Operations done = count_operations([&] {
      three_outputs<CountingNumber>({x, x, x, x}, {x, x});
    });
    return done.products <= 4 ? few
                              : std::to_string(done.products) + " products";
  });
}
