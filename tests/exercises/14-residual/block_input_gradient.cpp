// Exercise 7.
#include "block_input_gradient.hpp"

#include "04-backprop/backprop.hpp"
#include "04-backprop/dense.hpp"
#include "04-backprop/layer_checks.hpp"
#include "14-residual/residual.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(block_input_gradient) {
  using namespace cnn;
  const auto ask = [&](const Tensor<double>& x, const Tensor<double>& W1,
                       const Tensor<double>& W2,
                       const Tensor<double>& grad) {
    const Tensor<double> z = dense(x, W1, Tensor<double>({W1.extent(0)}));
    check.equal(
        "input " + text_of(x) + ", W1 " + text_of(W1) + ", W2 " +
            text_of(W2) + ", grad_output " + text_of(grad),
        skip_sum(dense_backward_input(
                     relu_backward(dense_backward_input(grad, W2), z), W1),
                 grad),
        [&] { return block_input_gradient(x, W1, W2, grad); });
  };
  const auto one = [](double number) {
    return Tensor<double>({1, 1}, number);
  };
  ask(one(2), one(3), one(0.5), one(1));
  ask(one(-2), one(3), one(0.5), one(1));
  ask(one(2), one(3), one(0), one(7));
  Random random(1);
  const auto numbers = [&](const Shape& shape) {
    return random_doubles(shape, random);
  };
  ask(numbers({2, 3}), numbers({4, 3}), numbers({3, 4}), numbers({2, 3}));
  ask(numbers({2, 3}), numbers({4, 3}), Tensor<double>({3, 4}),
      numbers({2, 3}));
}
