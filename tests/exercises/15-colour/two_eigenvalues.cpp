// Exercise 4.
#include "two_eigenvalues.hpp"

#include "15-colour/eigenpairs.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(two_eigenvalues) {
  using namespace cnn;
  const auto ask = [&](double a, double b, double d) {
    const auto pairs = eigenpairs(Tensor<double>({2, 2}, {a, b, b, d}));
    check.equal(
        "a " + text_of(a) + ", b " + text_of(b) + ", d " + text_of(d),
        Tensor<double>({2}, {pairs.values[0], pairs.values[1]}),
        [&] { return two_eigenvalues(a, b, d); });
  };
  ask(3, 0, 1);
  ask(1, 0, 3);
  ask(2, 1, 2);
  ask(0, 1, 0);
  ask(1, -2, 4);
  ask(-5, 0.5, -5);
  ask(0, 0, 0);
}
