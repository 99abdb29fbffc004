// Exercise 4.
#include "remembers.hpp"

#include "11-optimizers/muon.hpp"
#include "tests/exercises/check.hpp"

EXERCISE(remembers) {
  using namespace cnn;
  const auto ask = [&](const NamedOptimizer& it, bool expected) {
    check.equal(it.name, expected, [&] { return remembers(it.make); });
  };
  ask(named<Sgd>("Sgd without momentum", 0.0), false);
  ask(named<Sgd>("Sgd with momentum 0.9", 0.9), true);
  ask(named<Sgd>("Sgd with momentum 0.1", 0.1), true);
  ask(named<Nesterov>("Nesterov"), true);
  ask(named<RmsProp>("RmsProp"), true);
  ask(named<Adam>("Adam"), true);
  ask(named<Muon>("Muon"), true);
  ask(named<SignSgd>("SignSgd"), false);
  ask(named<ResetAdam>("ResetAdam"), false);
  ask(named<ResetCorrectedAdam>("ResetCorrectedAdam"), false);
}
