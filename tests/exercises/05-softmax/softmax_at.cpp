// Exercise 3.
#include "softmax_at.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(softmax_at) {
  using namespace cnn;
  const auto soft = [&](const Tensor<>& logits, float T,
                        const Tensor<>& expected) {
    check.equal(text_of(logits) + ", T " + text_of(static_cast<double>(T)),
                expected, [&] { return softmax_at(logits, T); });
  };
  const Tensor<> scores({1, 3}, {2, 1, -1});
  soft(scores, 1, softmax(scores));
  soft(scores, 2, softmax(Tensor<>({1, 3}, {1, 0.5f, -0.5f})));
  soft(Tensor<>({2, 2}, {0, 0, 3, 3}), 0.5f, Tensor<>({2, 2}, 0.5f));
  soft(Tensor<>({1, 2}, {1000, 998}), 0.5f,
       softmax(Tensor<>({1, 2}, {4, 0})));
  check.refused("T 0", [&] { softmax_at(scores, 0); });
  check.refused("T -1", [&] { softmax_at(scores, -1); });
}
