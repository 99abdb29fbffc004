// Exercise 4 of chapter 11, fifteen minutes.
//
// An optimizer has a memory if what it makes of a gradient depends on the
// gradients that came before. Write a test for this that does not look
// inside. `make` gives you as many fresh optimizers as you like, and
// end_after() in by_hand.hpp shows how to hand one of them a gradient.
// Two equal gradients may not be enough to find out.
//
// -> true if the optimizers that make() returns have a memory
#pragma once

#include "11-optimizers/by_hand.hpp"
#include "common/shell/exercise.hpp"

namespace cnn {

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>()>;

inline bool remembers(const MakeOptimizer& make) {
  throw NotSolvedYet();
}

}  // namespace cnn
