// The arithmetic of one cell of one layer: which numbers came in, what each
// was multiplied by, and what came out. It is added up as the plain layer
// adds it, term by term, so that the result is the layer's own number.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "03-pooling/pooling.hpp"
#include "06-training/network.hpp"
#include "07-speed/slice_layer.hpp"
#include "14-residual/residual.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Channel, row and column of a cell. A row (1, F) is F channels of one cell
// each.
struct CellPlace {
  int c = 0, y = 0, x = 0;
  friend bool operator==(const CellPlace&, const CellPlace&) = default;
};

// What one cell of a layer's input contributes.
struct CellTerm {
  CellPlace from;      // outside the input where there is padding
  bool inside = true;  // false: a cell of the padding
  float input = 0, weight = 1, product = 0;  // product = weight input
};

struct CellArithmetic {
  std::vector<CellTerm> terms;  // in the order in which they are added
  float bias = 0;
  float sum = 0;    // bias + product + product + ...; 0 if nothing is added
  int winner = -1;  // index of the term that won its window; -1: no contest
  float value = 0;  // what the layer puts into the cell
  // Only for a layer that standardizes, where `sum` is (input - mean) /
  // deviation and `value` is weight sum + bias.
  float mean = 0, deviation = 0, weight = 0;
};

// ---- The cells of a layer's input --------------------------------------

// The maps of one image: (1, C, H, W) or (1, F).
inline MapSize maps_of(const Tensor<>& numbers) {
  if (numbers.rank() == 4)
    return {numbers.extent(1), numbers.extent(2), numbers.extent(3)};
  require_rank(numbers.shape(), 2, "maps_of", "a layer's numbers");
  return {numbers.extent(1), 1, 1};
}

inline bool has_cell(const Tensor<>& numbers, const CellPlace& at) {
  const auto [C, H, W] = maps_of(numbers);
  return at.c >= 0 && at.c < C && at.y >= 0 && at.y < H && at.x >= 0 &&
         at.x < W;
}

inline float number_at(const Tensor<>& numbers, const CellPlace& at) {
  const auto [C, H, W] = maps_of(numbers);
  return numbers
      .data()[static_cast<std::size_t>((at.c * H + at.y) * W + at.x)];
}

// The place of the n-th number, in reading order.
inline CellPlace nth_cell(const Tensor<>& numbers, int n) {
  const auto [C, H, W] = maps_of(numbers);
  return {n / (H * W), n / W % H, n % W};
}

// The term of the input's cell at `from`; outside the input, its number is
// `padding`.
inline CellTerm term_from(const Tensor<>& input, const CellPlace& from,
                          float padding = 0, float weight = 1) {
  const bool inside = has_cell(input, from);
  const float number = inside ? number_at(input, from) : padding;
  return {from, inside, number, weight, weight * number};
}

// ---- Each kind of layer ------------------------------------------------

// input (1, C_in, H, W), parameters weight (C_out, C_in, K, K) and bias
inline CellArithmetic arithmetic_of(
    const Convolution& it, const Tensor<>& input, const CellPlace& at,
    const std::vector<Parameter<>*>& parameters) {
  const Tensor<>& weight = parameters[0]->value;
  CellArithmetic cell;
  cell.bias = cell.sum = parameters[1]->value(at.c);
  const int top = at.y * it.stride - it.padding;
  const int left = at.x * it.stride - it.padding;
  for (int ci = 0; ci < input.extent(1); ++ci)
    for (int ky = 0; ky < it.kernel; ++ky)
      for (int kx = 0; kx < it.kernel; ++kx) {
        cell.terms.push_back(term_from(input, {ci, top + ky, left + kx}, 0,
                                       weight(at.c, ci, ky, kx)));
        cell.sum += cell.terms.back().product;
      }
  cell.value = cell.sum;  // (2.3)
  return cell;
}

// input (1, F_in), parameters weight (F_out, F_in) and bias (F_out)
inline CellArithmetic arithmetic_of(
    const Dense&, const Tensor<>& input, const CellPlace& at,
    const std::vector<Parameter<>*>& parameters) {
  CellArithmetic cell;
  cell.bias = cell.sum = parameters[1]->value(at.c);
  for (int i = 0; i < input.extent(1); ++i) {
    cell.terms.push_back(
        term_from(input, {i}, 0, parameters[0]->value(at.c, i)));
    cell.sum += cell.terms.back().product;
  }
  cell.value = cell.sum;  // (4.1)
  return cell;
}

inline CellArithmetic arithmetic_of(const Relu&, const Tensor<>& input,
                                    const CellPlace& at,
                                    const std::vector<Parameter<>*>&) {
  CellArithmetic cell;
  cell.terms = {term_from(input, at)};
  const float number = cell.terms[0].input;
  cell.value = number < 0 ? 0.0f : number;  // (4.5)
  return cell;
}

// The cells under the window of the output at `at`, in reading order.
inline std::vector<CellTerm> window_terms(const Pooling& pooling,
                                          const Tensor<>& input,
                                          const CellPlace& at,
                                          float padding) {
  const int top = at.y * pooling.stride - pooling.padding;
  const int left = at.x * pooling.stride - pooling.padding;
  std::vector<CellTerm> terms;
  for (int ky = 0; ky < pooling.window; ++ky)
    for (int kx = 0; kx < pooling.window; ++kx)
      terms.push_back(
          term_from(input, {at.c, top + ky, left + kx}, padding));
  return terms;
}

// On a tie the first one wins, as in the backward pass.
inline CellArithmetic arithmetic_of(const MaxPool& it,
                                    const Tensor<>& input,
                                    const CellPlace& at,
                                    const std::vector<Parameter<>*>&) {
  constexpr float nothing = -std::numeric_limits<float>::infinity();
  CellArithmetic cell;
  cell.terms = window_terms(it.pooling, input, at, nothing);
  cell.value = nothing;
  for (std::size_t i = 0; i < cell.terms.size(); ++i)
    if (takes_the_lead(cell.terms[i].input, cell.value)) {
      cell.value = cell.terms[i].input;  // (3.1)
      cell.winner = static_cast<int>(i);
    }
  return cell;
}

inline CellArithmetic arithmetic_of(const AveragePool& it,
                                    const Tensor<>& input,
                                    const CellPlace& at,
                                    const std::vector<Parameter<>*>&) {
  CellArithmetic cell;
  cell.terms = window_terms(it.pooling, input, at, 0);
  for (const CellTerm& term : cell.terms) cell.sum += term.input;
  const auto window = static_cast<float>(it.pooling.window);
  cell.value = cell.sum / (window * window);  // (3.2)
  return cell;
}

// Number at.c of the input, counted from 0 in reading order.
// input (1, C, H, W) or (1, F)
inline CellArithmetic arithmetic_of(const Flatten&, const Tensor<>& input,
                                    const CellPlace& at,
                                    const std::vector<Parameter<>*>&) {
  CellArithmetic cell;
  cell.terms = {term_from(input, nth_cell(input, at.c))};
  cell.value = cell.terms[0].input;
  return cell;
}

// A network that answers drops nothing.
inline CellArithmetic arithmetic_of(const Dropout&, const Tensor<>& input,
                                    const CellPlace& at,
                                    const std::vector<Parameter<>*>&) {
  CellArithmetic cell;
  cell.terms = {term_from(input, at)};
  cell.value = cell.terms[0].input;
  return cell;
}

// The number at a place, standardized by a mean and a deviation, scaled and
// shifted by the w-th weight and bias.
inline CellArithmetic standardized_cell(
    const Tensor<>& input, const CellPlace& at, float mean, float deviation,
    const std::vector<Parameter<>*>& parameters, int w) {
  const auto i = static_cast<std::size_t>(w);
  CellArithmetic cell;
  cell.terms = {term_from(input, at)};
  cell.mean = mean;
  cell.deviation = deviation;
  cell.weight = parameters[0]->value.data()[i];
  cell.bias = parameters[1]->value.data()[i];
  cell.sum = (cell.terms[0].input - mean) / deviation;  // (13.3)
  cell.value = cell.weight * cell.sum + cell.bias;      // (13.4)
  return cell;
}

// parameters weight, bias, running mean and running variance (C)
inline CellArithmetic arithmetic_of(
    const BatchNorm& it, const Tensor<>& input, const CellPlace& at,
    const std::vector<Parameter<>*>& parameters) {
  const SetStatistics<float> of = {parameters[2]->value,
                                   parameters[3]->value};
  return standardized_cell(input, at, of.mean(at.c),
                           set_deviation(of, at.c, it.epsilon), parameters,
                           at.c);
}

// parameters weight and bias (C)
inline CellArithmetic arithmetic_of(
    const GroupNorm& it, const Tensor<>& input, const CellPlace& at,
    const std::vector<Parameter<>*>& parameters) {
  const SetStatistics<float> of = set_statistics(input.reshaped(
      groups_as_sets(input.shape(), it.groups, "arithmetic_of")));
  const int group = at.c / (input.extent(1) / it.groups);
  return standardized_cell(input, at, of.mean(group),
                           set_deviation(of, group, it.epsilon), parameters,
                           at.c);
}

// parameters weight and bias, a number for each cell
inline CellArithmetic arithmetic_of(
    const LayerNorm& it, const Tensor<>& input, const CellPlace& at,
    const std::vector<Parameter<>*>& parameters) {
  const auto [C, H, W] = maps_of(input);
  const SetStatistics<float> of = set_statistics(
      input.reshaped(groups_as_sets(input.shape(), 1, "arithmetic_of")));
  return standardized_cell(input, at, of.mean(0),
                           set_deviation(of, 0, it.epsilon), parameters,
                           (at.c * H + at.y) * W + at.x);
}

// parameters: the branch's, then the skip's. The bias is what the branch
// adds, and the only term is the input's cell, which comes over the skip.
// If the skip has layers of its own, what they give is part of the bias
// too, and the term has weight 0.
inline CellArithmetic arithmetic_of(
    const Residual& it, const Tensor<>& input, const CellPlace& at,
    const std::vector<Parameter<>*>& parameters) {
  const Shape image(input.shape().begin() + 1, input.shape().end());
  Network<> branch = build_network(it.branch, image);
  Network<> skip = build_network(it.skip, image);
  std::size_t next = 0;
  for (Layer<>* part :
       {static_cast<Layer<>*>(&branch), static_cast<Layer<>*>(&skip)})
    for (Parameter<>* parameter : part->parameters())
      parameter->value = parameters[next++]->value;
  CellArithmetic cell;
  const float added =
      number_at(branch.forward(input, Mode::evaluation), at);
  const float skipped =
      number_at(skip.forward(input, Mode::evaluation), at);
  const auto [C, H, W] = maps_of(input);
  const CellPlace from = {std::min(at.c, C - 1), std::min(at.y, H - 1),
                          std::min(at.x, W - 1)};
  const bool as_it_is = it.skip.empty();
  cell.terms = {term_from(input, from, 0, as_it_is ? 1 : 0)};
  cell.value = added + skipped;  // (14.1)
  cell.bias = as_it_is ? added : cell.value;
  cell.sum = cell.bias + cell.terms[0].product;
  return cell;
}

// ---- A cell of a network -----------------------------------------------

// The arithmetic of one cell of the output of layer `layer`. outputs:
// those of all layers for the picture, as all_outputs() gives them. The
// entries may be any variants for whose types there is an arithmetic_of().
// Throws std::invalid_argument if there is no such layer or cell.
template <class Entry>
CellArithmetic cell_arithmetic(const std::vector<Entry>& architecture,
                               Network<>& network, const Tensor<>& picture,
                               const std::vector<Tensor<>>& outputs,
                               std::size_t layer, const CellPlace& at) {
  if (layer >= outputs.size() || outputs.size() != architecture.size())
    fail(Refusal::argument, "cell_arithmetic: expected a layer from 0 to " +
                                std::to_string(outputs.size() - 1) +
                                ", got " + std::to_string(layer));
  const auto [C, H, W] = maps_of(outputs[layer]);
  if (!has_cell(outputs[layer], at))
    fail(Refusal::argument, "cell_arithmetic: expected a cell inside " +
                                to_string({C, H, W}) + ", got " +
                                to_string({at.c, at.y, at.x}));
  const Tensor<>& input = layer == 0 ? picture : outputs[layer - 1];
  const auto parameters = network.layer(layer).parameters();
  return std::visit(
      [&](const auto& it) {
        return arithmetic_of(it, input, at, parameters);
      },
      architecture[layer]);
}

}  // namespace cnn
