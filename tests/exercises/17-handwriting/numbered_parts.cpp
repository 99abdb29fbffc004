// Exercise 6.
#include "numbered_parts.hpp"

#include "common/tensor/random.hpp"
#include "tests/exercises/check.hpp"

namespace {

using namespace cnn;

void spread(const Tensor<>& ink, float threshold, Tensor<>& numbers, int y,
            int x, float number) {
  if (y < 0 || x < 0 || y >= ink.extent(0) || x >= ink.extent(1) ||
      !(ink(y, x) > threshold) || numbers(y, x) != 0)
    return;
  numbers(y, x) = number;
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx)
      spread(ink, threshold, numbers, y + dy, x + dx, number);
}

Tensor<> expected_numbers(const Tensor<>& ink, float threshold) {
  Tensor<> numbers(ink.shape());
  float parts = 0;
  for (int y = 0; y < ink.extent(0); ++y)
    for (int x = 0; x < ink.extent(1); ++x)
      if (ink(y, x) > threshold && numbers(y, x) == 0)
        spread(ink, threshold, numbers, y, x, ++parts);
  return numbers;
}

}  // namespace

EXERCISE(numbered_parts) {
  const auto number = [&](const Tensor<>& ink, float threshold) {
    check.equal("ink " + text_of(ink) + ", threshold " +
                    text_of(static_cast<double>(threshold)),
                expected_numbers(ink, threshold),
                [&] { return numbered_parts(ink, threshold); });
  };
  number(Tensor<>({2, 3}), 0);
  number(Tensor<>({2, 3}, 1.0f), 0.5f);
  // At a corner, a U, and a W with three arms.
  number(Tensor<>({2, 2}, {1, 0, 0, 1}), 0.5f);
  number(Tensor<>({2, 2}, {0, 1, 1, 0}), 0.5f);
  number(Tensor<>({3, 3}, {1, 0, 1,  //
                           1, 0, 1,  //
                           1, 1, 1}),
         0.5f);
  number(Tensor<>({3, 7}, {1, 0, 0, 1, 0, 0, 1,  //
                           1, 0, 0, 1, 0, 0, 1,  //
                           1, 1, 1, 1, 1, 1, 1}),
         0.5f);
  // A spiral around a dot, and what lies at the threshold.
  number(Tensor<>({5, 5}, {1, 1, 1, 1, 1,  //
                           1, 0, 0, 0, 1,  //
                           1, 0, 1, 0, 1,  //
                           1, 0, 0, 0, 1,  //
                           1, 0, 1, 1, 1}),
         0.5f);
  number(Tensor<>({1, 5}, {0.5f, 0.6f, 0.5f, 0.6f, 0.4f}), 0.5f);
  Random random(4);
  for (int i = 0; i < 100; ++i) {
    Tensor<> ink({1 + random.below(9), 1 + random.below(9)});
    for (float& cell : ink.data()) cell = random.uniform();
    number(ink, random.uniform(0.3f, 0.9f));
  }
}
