// Exercise 6.
#include "any_order.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "common/tensor/random.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(any_order) {
  using namespace cnn;
  const auto exactly = [](float number) {
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", static_cast<double>(number));
    return std::string(text);
  };
  const auto adds = [&](std::vector<float> numbers) {
    std::string input = "numbers";
    for (std::size_t i = 0; i < std::min<std::size_t>(numbers.size(), 8);
         ++i)
      input += " " + exactly(numbers[i]);
    if (numbers.size() > 8) input += " ...";
    double sum = 0, size = 1e-30;
    for (const float number : numbers) {
      sum += static_cast<double>(number);
      size += std::abs(static_cast<double>(number));
    }
    check.equal(
        input + ": near the true sum, in parts of all that is added", 0.0,
        [&] {
          return (static_cast<double>(sum_in_any_order(numbers)) - sum) /
                 size;
        });
    std::string first;
    check.equal(input, true, [&] {
      first = exactly(sum_in_any_order(numbers));
      return true;
    });
    Random random(1);
    for (int n = 0; n < 50; ++n) {
      random.shuffle(numbers);
      check.equal(input + ", shuffled " + text_of(n + 1) + " times", first,
                  [&] { return exactly(sum_in_any_order(numbers)); });
    }
  };
  const float tiny = std::ldexp(1.0f, -24);
  adds({});
  adds({3});
  adds({1, tiny, tiny});
  adds({tiny, 1, -1});
  adds({tiny, 1, -1, tiny});
  adds({0.1f, 0.2f, 0.3f, -0.1f, -0.2f, -0.3f});
  Random random(18);
  std::vector<float> products;
  for (int i = 0; i < 400; ++i)
    products.push_back(random.normal() * random.uniform());
  for (int i = 0; i < 400; ++i)
    products.push_back(-products[static_cast<std::size_t>(i)] *
                       (i % 2 == 0 ? 1.0f : 1.0f + std::ldexp(1.0f, -20)));
  adds(products);
}
