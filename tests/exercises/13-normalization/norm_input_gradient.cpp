// Exercise 6.
#include "norm_input_gradient.hpp"

#include "04-backprop/layer_checks.hpp"
#include "13-normalization/batch_norm.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(norm_input_gradient) {
  using namespace cnn;
  const auto ask = [&](const Tensor<double>& x,
                       const Tensor<double>& grad) {
    const double epsilon = 1e-5;
    check.equal(
        "input " + text_of(x) + ", grad_x_hat " + text_of(grad),
        batch_norm_backward(grad, x, batch_statistics(x),
                            Tensor<double>({x.extent(1)}, 1.0), epsilon)
            .input,
        [&] { return norm_input_gradient(x, grad, epsilon); });
  };
  ask(Tensor<double>({4, 1}, {1, 2, 3, 4}),
      Tensor<double>({4, 1}, {1, 0, 0, 0}));
  ask(Tensor<double>({4, 1}, {1, 2, 3, 4}),
      Tensor<double>({4, 1}, {1, 1, 1, 1}));
  ask(Tensor<double>({2, 1}, {-70, 0.5}), Tensor<double>({2, 1}, {3, 1}));
  ask(Tensor<double>({1, 1}, 5.0), Tensor<double>({1, 1}, 2.0));
  Random random(1);
  Tensor<double> x = random_doubles({5, 3}, random);
  for (double& number : x.data()) number = 3 + 2 * number;
  ask(x, random_doubles({5, 3}, random));
}
