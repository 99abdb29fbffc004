// Batch normalization that has learned only moves and scales channels, and
// the convolution or dense layer before it can do that itself.
// Book: book/13-normalization.md
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "13-normalization/batch_norm.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Changes the weight (C_out, ...) and the bias (C_out) of a layer so that
// it puts out what the BatchNorm after it would have made of that:
//   weight' = weight gamma / sigma
//   bias' = beta + (bias - mean) gamma / sigma                       (13.9)
template <class T>
void fold_into(const SetStatistics<T>& running, const Tensor<T>& gamma,
               const Tensor<T>& beta, double epsilon, Tensor<T>& weight,
               Tensor<T>& bias) {
  const int C = gamma.size();
  require_shape(bias.shape(), {C}, "fold_into", "the bias");
  const auto per_channel = weight.data().size() / bias.data().size();
  for (int c = 0; c < C; ++c) {
    const T factor = gamma(c) / set_deviation(running, c, epsilon);
    for (std::size_t i = 0; i < per_channel; ++i)
      weight.data()[static_cast<std::size_t>(c) * per_channel + i] *=
          factor;
    bias(c) = beta(c) + (bias(c) - running.mean(c)) * factor;
  }
}

template <class T, class Entry>
struct FoldedNetwork {
  std::vector<Entry> entries;
  Network<T> network;
};

// A network without its BatchNorms that answers alike: `network` as it was
// built from `entries` for images (C, H, W) and has learned since.
// Throws std::invalid_argument if one follows any other layer.
template <class T, class Entry>
FoldedNetwork<T, Entry> folded(const std::vector<Entry>& entries,
                               const Shape& image, Network<T>& network) {
  if (network.size() != entries.size())
    fail(Refusal::argument,
         "folded: expected a network of " + std::to_string(entries.size()) +
             " layers, got " + std::to_string(network.size()));
  std::vector<Entry> kept;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!std::holds_alternative<BatchNorm>(entries[i])) {
      kept.push_back(entries[i]);
      continue;
    }
    if (kept.empty() ||
        !(std::holds_alternative<Convolution>(kept.back()) ||
          std::holds_alternative<Dense>(kept.back())))
      fail(Refusal::argument,
           "folded: " + network.name(i) + " follows " +
               (i == 0 ? "nothing" : network.name(i - 1)) +
               ", but only a convolution or a dense layer can take it in");
  }
  Network<T> result = build_network<T>(kept, image);
  std::size_t last = 0;  // the layer of `result` that was filled last
  for (std::size_t i = 0, next = 0; i < entries.size(); ++i) {
    const auto from = network.layer(i).parameters();
    if (const auto* norm = std::get_if<BatchNorm>(&entries[i])) {
      const auto to = result.layer(last).parameters();
      fold_into<T>({from[2]->value, from[3]->value}, from[0]->value,
                   from[1]->value, norm->epsilon, to[0]->value,
                   to[1]->value);
      continue;
    }
    last = next++;
    const auto to = result.layer(last).parameters();
    for (std::size_t p = 0; p < to.size(); ++p)
      to[p]->value = from[p]->value;
  }
  return {std::move(kept), std::move(result)};
}

}  // namespace cnn
