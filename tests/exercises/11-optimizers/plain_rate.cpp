// Exercise 3.
#include "plain_rate.hpp"

#include "11-optimizers/by_hand.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(plain_rate) {
  using namespace cnn;
  // The length of a step once the velocity has stopped growing.
  const auto ask = [&](double rate, double momentum) {
    Sgd sgd(momentum);
    check.equal("rate " + text_of(rate) + ", momentum " + text_of(momentum),
                update_after(sgd, 1, rate, 2000),
                [&] { return plain_rate(rate, momentum); });
  };
  ask(0.1, 0);
  ask(0.1, 0.5);
  ask(0.005, 0.9);
  ask(0.05, 0.9);
  ask(0.002, 0.99);
}
