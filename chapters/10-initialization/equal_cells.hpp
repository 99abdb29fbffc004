// Which starts make the cells of a layer different, and which keep them
// equal however long they train.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "10-initialization/wedge.hpp"

namespace cnn {

// The number of different cells in a layer: a cell counts if it differs
// from every cell before it by more than `tolerance` in some weight.
// weight (F_out, F_in)
inline int distinct_cells(const Tensor<>& weight, float tolerance) {
  int distinct = 0;
  for (int o = 0; o < weight.extent(0); ++o) {
    const auto equals = [&](int other) {
      const auto a = row_of(weight, o), b = row_of(weight, other);
      for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(a[i] - b[i]) > tolerance) return false;
      return true;
    };
    bool seen = false;
    for (int other = 0; other < o && !seen; ++other) seen = equals(other);
    if (!seen) ++distinct;
  }
  return distinct;
}

// Gives all cells of a layer the weights of its first. weight (F_out, F_in)
inline void make_cells_equal(Tensor<>& weight) {
  for (int o = 1; o < weight.extent(0); ++o)
    for (int i = 0; i < weight.extent(1); ++i) weight(o, i) = weight(0, i);
}

// What the weights of the two layers begin with. equal_cells: all cells
// of the hidden layer have the same random weights, and the scores have
// different random ones.
enum class EqualStart { zeros, constant, equal_cells, he };

inline std::string equal_start_name(EqualStart start) {
  switch (start) {
    case EqualStart::zeros:
      return "all 0";
    case EqualStart::constant:
      return "all 0.05";
    case EqualStart::equal_cells:
      return "equal cells, random scores";
    case EqualStart::he:
      break;
  }
  return "random (He)";
}

// The result of one training run.
struct EqualCells {
  EqualStart start;
  int before = 0, after = 0;  // distinct cells of the hidden layer
  StartRun run;
};

// Trains a network with one hidden layer of `width` cells from one of the
// four starts.
inline EqualCells compute_equal_start(EqualStart start, int width,
                                      const Split& digits,
                                      const TrainingSettings& settings,
                                      const AfterStep& after_step = {}) {
  FastNetwork network(deep_network(1, width), {1, 28, 28});
  Random random(settings.seed);
  initialize(network, gain_start(2), random);
  const std::vector<Parameter<>*> weights = weights_of(network);
  for (Parameter<>* weight : weights)
    for (float& number : weight->value.data())
      number = start == EqualStart::zeros      ? 0.0f
               : start == EqualStart::constant ? 0.05f
                                               : number;
  if (start == EqualStart::equal_cells) make_cells_equal(weights[0]->value);
  EqualCells one{start, distinct_cells(weights[0]->value, 0), 0, {}};
  one.run = run_from(network, digits, settings, after_step);
  one.after = distinct_cells(weights[0]->value, 1e-4f);
  return one;
}

// The same from all four starts.
inline std::vector<EqualCells> compute_equal_cells(
    int width, const Split& digits, const TrainingSettings& settings,
    const AfterStep& after_step = {}) {
  std::vector<EqualCells> all;
  for (const EqualStart start : {EqualStart::zeros, EqualStart::constant,
                                 EqualStart::equal_cells, EqualStart::he})
    all.push_back(
        compute_equal_start(start, width, digits, settings, after_step));
  return all;
}

}  // namespace cnn
