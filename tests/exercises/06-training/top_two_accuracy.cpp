// Exercise 3.
#include "top_two_accuracy.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(top_two_accuracy) {
  using namespace cnn;
  const auto share = [&](const Tensor<>& logits,
                         const std::vector<int>& labels, double expected) {
    check.equal(text_of(logits) + ", labels " + to_string(labels), expected,
                [&] { return top_two_accuracy(logits, labels); });
  };
  const Tensor<> row({1, 4}, {3, -1, 7, 2});
  share(row, {2}, 1);
  share(row, {0}, 1);
  share(row, {3}, 0);
  share(Tensor<>({2, 3}, {1, 2, 3, 6, 5, 4}), {0, 0}, 0.5);
  share(Tensor<>({4, 3}, {1, 2, 3, 6, 5, 4, 0, -1, -2, 9, 8, 7}),
        {1, 1, 1, 2}, 0.75);
}
