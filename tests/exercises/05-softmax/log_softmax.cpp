// Exercise 4.
#include "log_softmax.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(log_softmax) {
  using namespace cnn;
  const auto soft = [&](const Tensor<>& logits, const Tensor<>& expected) {
    check.equal(text_of(logits), expected,
                [&] { return log_softmax(logits); });
  };
  const float half = std::log(0.5f);
  soft(Tensor<>({1, 2}, {3, 3}), Tensor<>({1, 2}, half));
  soft(Tensor<>({1, 3}, {2, 1, -1}),
       Tensor<>({1, 3}, {-0.3490122f, -1.3490122f, -3.3490122f}));
  soft(Tensor<>({2, 2}, {0, -200, 500, 500}),
       Tensor<>({2, 2}, {0, -200, half, half}));
  soft(Tensor<>({1, 2}, {-1000, -1000}), Tensor<>({1, 2}, half));
}
