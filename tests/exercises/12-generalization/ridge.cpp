// Exercise 7.
#include "ridge.hpp"

#include "tests/exercises/check.hpp"

EXERCISE(ridge) {
  using namespace cnn;
  // One feature by hand: w = sum(f y) / (sum(f f) + lambda).
  check.equal("features (1, 2): 1 2, targets (2, 1): 3 5, lambda 1",
              Tensor<double>({1, 1}, std::vector{13.0 / 6}), [&] {
                return ridge_weights(Tensor<double>({1, 2}, {1, 2}),
                                     Tensor<double>({2, 1}, {3, 5}), 1);
              });
  // A diagonal matrix of features: each weight can be found by itself.
  check.equal("features (2, 2): 1 0 0 2, targets (2, 1): 3 4, lambda 4",
              Tensor<double>({2, 1}, {3.0 / 5, 1}), [&] {
                return ridge_weights(Tensor<double>({2, 2}, {1, 0, 0, 2}),
                                     Tensor<double>({2, 1}, {3, 4}), 4);
              });
  // More features than examples: the weights lie along the features.
  check.equal("features (3, 1): 1 2 2, targets (1, 2): 10 -5, lambda 1",
              Tensor<double>({3, 2}, {1, -0.5, 2, -1, 2, -1}), [&] {
                return ridge_weights(Tensor<double>({3, 1}, {1, 2, 2}),
                                     Tensor<double>({1, 2}, {10, -5}), 1);
              });
  // With as many features as examples, (12.3) and (12.4) agree.
  check.equal("features (2, 2): 1 1 0 1, targets (2, 1): 1 2, lambda 0.5",
              Tensor<double>({2, 1}, {10.0 / 11, 8.0 / 11}), [&] {
                return ridge_weights(Tensor<double>({2, 2}, {1, 1, 0, 1}),
                                     Tensor<double>({2, 1}, {1, 2}), 0.5);
              });
}
