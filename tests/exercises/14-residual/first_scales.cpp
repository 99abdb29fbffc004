// Exercise 6.
#include "first_scales.hpp"

#include "04-backprop/layer_checks.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(first_scales) {
  using namespace cnn;
  // The loss's slope along each scale, from differences. These are exact,
  // because y is linear in the scale.
  const auto ask = [&](const Tensor<double>& x_hat,
                       const Tensor<double>& grad, double rate) {
    const int N = x_hat.extent(0), C = x_hat.extent(1);
    Tensor<double> expected({C});
    for (int c = 0; c < C; ++c) {
      const auto loss = [&](double scale) {
        double sum = 0;
        for (int n = 0; n < N; ++n) sum += grad(n, c) * scale * x_hat(n, c);
        return sum;
      };
      expected(c) = -rate * (loss(0.5) - loss(-0.5));
    }
    check.equal("x_hat " + text_of(x_hat) + "; grad_output " +
                    text_of(grad) + "; rate " + text_of(rate),
                expected, [&] { return first_scales(x_hat, grad, rate); });
  };
  ask(Tensor<double>({2, 1}, {1, -1}), Tensor<double>({2, 1}, {0.5, -0.5}),
      0.1);
  ask(Tensor<double>({2, 1}, {1, -1}), Tensor<double>({2, 1}, {0.5, 0.5}),
      0.1);
  Random random(2);
  const auto numbers = [&](const Shape& shape) {
    return random_doubles(shape, random);
  };
  ask(numbers({3, 2}), numbers({3, 2}), 0.05);
  ask(numbers({8, 5}), numbers({8, 5}), 1);
}
