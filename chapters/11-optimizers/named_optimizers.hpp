// The optimizers, under the names that options and files give them.
// Book: book/11-optimizers.md
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "11-optimizers/muon.hpp"
#include "11-optimizers/optimizer.hpp"
#include "11-optimizers/schedules.hpp"
#include "common/tensor/named.hpp"

namespace cnn {

// One kind of optimizer, and what its state looks like.
struct OptimizerKind {
  std::string name;
  // Makes a fresh one. Kinds without a momentum ignore the argument.
  std::function<std::unique_ptr<Optimizer>(double momentum)> make;
  double rate = 0.05;  // one that learns well, as the rate curves show
  bool has_momentum = true;
  std::size_t parts = 1;  // numbers remembered per number of a parameter
  bool squares = false;   // whether the last part is a mean of squares
  bool counts = true;     // whether the state ends with a number of steps
};

inline const std::vector<OptimizerKind>& optimizer_kinds() {
  const auto adam = [](Decay decay) {
    return [decay](double) {
      return std::make_unique<Adam>(AdamSettings{.kind = decay});
    };
  };
  static const std::vector<OptimizerKind> kinds = {
      {.name = "sgd",
       .make = [](double mu) { return std::make_unique<Sgd>(mu); },
       .counts = false},
      {.name = "nesterov",
       .make = [](double mu) { return std::make_unique<Nesterov>(mu); }},
      {.name = "rmsprop",
       .make = [](double) { return std::make_unique<RmsProp>(); },
       .rate = 0.01,
       .has_momentum = false,
       .squares = true},
      {.name = "adam",
       .make = adam(Decay::none),
       .rate = 0.01,
       .has_momentum = false,
       .parts = 2,
       .squares = true},
      {.name = "adamw",
       .make = adam(Decay::apart),
       .rate = 0.01,
       .has_momentum = false,
       .parts = 2,
       .squares = true},
      {.name = "muon",
       .make =
           [](double mu) {
             return std::make_unique<Muon>(MuonSettings{.momentum = mu});
           },
       .rate = 0.03}};
  return kinds;
}

// Throws std::invalid_argument for an unknown name, or for a momentum that
// the optimizer refuses.
inline std::unique_ptr<Optimizer> optimizer_of(const std::string& name,
                                               double momentum) {
  return named_in(optimizer_kinds(), name, "optimizer_of").make(momentum);
}

// Whether `state` can be the state of this kind of optimizer for these
// parameters: empty, or complete, with the right shapes, all numbers
// finite, no mean of squares negative, and a whole number of steps.
inline bool fits_optimizer(const OptimizerKind& kind,
                           const std::vector<Tensor<>>& state,
                           const std::vector<Parameter<>*>& parameters) {
  if (state.empty()) return true;
  const std::size_t P = parameters.size(), all = kind.parts * P;
  if (state.size() != all + (kind.counts ? 1 : 0)) return false;
  for (std::size_t i = 0; i < all; ++i) {
    if (state[i].shape() != parameters[i % P]->value.shape()) return false;
    const bool mean_square = kind.squares && i >= all - P;  // the last part
    for (const float number : state[i].data())
      if (!std::isfinite(number) || (mean_square && number < 0))
        return false;
  }
  return !kind.counts || (state.back().shape() == Shape{1} &&
                          is_step_count(state.back()(0)));
}

}  // namespace cnn
