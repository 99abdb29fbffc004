// The optimizers and schedules by the names that options and files give
// them.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "06-training/sgd.hpp"
#include "11-optimizers/muon.hpp"
#include "11-optimizers/optimizer.hpp"
#include "11-optimizers/schedules.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/named.hpp"

namespace cnn {

// A name, how many numbers it remembers for each number of a parameter,
// whether it counts its steps beside them, and whether it has a momentum.
struct OptimizerKind {
  std::string name;
  std::size_t parts = 1;
  bool counts = true, has_momentum = true;
};

inline const std::vector<OptimizerKind>& optimizer_kinds() {
  static const std::vector<OptimizerKind> kinds = {
      {"sgd", 1, false, true},     {"nesterov", 1, true, true},
      {"rmsprop", 1, true, false}, {"adam", 2, true, false},
      {"adamw", 2, true, false},   {"muon", 1, true, true}};
  return kinds;
}

// Throws std::invalid_argument for a name that there is not, or a momentum
// that cannot be.
inline std::unique_ptr<Optimizer> optimizer_of(const std::string& name,
                                               double momentum) {
  if (name == "sgd") return std::make_unique<Sgd>(momentum);
  if (name == "nesterov") return std::make_unique<Nesterov>(momentum);
  if (name == "rmsprop") return std::make_unique<RmsProp>();
  if (name == "adam") return std::make_unique<Adam>();
  if (name == "adamw") {
    AdamSettings settings;
    settings.kind = Decay::apart;
    return std::make_unique<Adam>(settings);
  }
  if (name == "muon") {
    MuonSettings settings;
    settings.momentum = momentum;
    return std::make_unique<Muon>(settings);
  }
  fail(Refusal::argument, "optimizer_of: expected one of " +
                              names_of(optimizer_kinds()) + ", got '" +
                              name + "'");
}

// Whether a state is what this kind of optimizer remembers of these
// parameters: nothing, or all of it in the right shapes.
inline bool fits_optimizer(const OptimizerKind& kind,
                           const std::vector<Tensor<>>& state,
                           const std::vector<Parameter<>*>& parameters) {
  if (state.empty()) return true;
  const std::size_t P = parameters.size(), all = kind.parts * P;
  if (state.size() != all + (kind.counts ? 1 : 0)) return false;
  for (std::size_t i = 0; i < all; ++i)
    if (state[i].shape() != parameters[i % P]->value.shape()) return false;
  return !kind.counts ||
         (state.back().shape() == Shape{1} && state.back()(0) >= 1 &&
          state.back()(0) <= 16777216.0f);
}

}  // namespace cnn
