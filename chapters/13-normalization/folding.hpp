// Once it has stopped learning, a batch normalization only scales and
// shifts channels, and the convolution or dense layer before it can do that
// itself.
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
#include "common/tensor/grouped.hpp"

namespace cnn {

// Changes the weight (C_out, ...) and the bias (C_out) of a layer so that
// its output becomes what the BatchNorm after it gave so far:
//   weight' = weight gamma / sigma
//   bias' = beta + (bias - mean) gamma / sigma                      (13.11)
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

// folded_entry() returns what becomes of an entry in the folded list, and
// fold_layer() copies the numbers of its layer into the new one. An entry
// that contains layers has its own overloads of both. `name` is the name of
// the layer, for error messages.
template <class T, class Entry>
Entry folded_entry(const Entry& it, Layer<T>&,
                   const std::string& /*name*/) {
  return it;
}
template <class T, class Entry>
void fold_layer(const Entry&, Layer<T>& from, Layer<T>& to) {
  const auto source = from.parameters(), target = to.parameters();
  for (std::size_t p = 0; p < target.size(); ++p)
    target[p]->value = source[p]->value;
}

// `entries`, from which `network` was built, without the BatchNorms.
// inside: what comes before the layers' names in error messages, such as
// "residual1." for the entries of that block.
// Throws std::invalid_argument if a BatchNorm follows anything but a
// convolution, a dense layer or a BatchNorm that has been left out.
template <class T, class Entry>
std::vector<Entry> folded_list(const std::vector<Entry>& entries,
                               Network<T>& network,
                               const std::string& inside = "") {
  std::vector<Entry> kept;
  std::string before = "nothing";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string name = inside + network.name(i);
    if (!std::holds_alternative<BatchNorm>(entries[i]))
      kept.push_back(std::visit(
          [&](const auto& it) {
            return Entry(folded_entry(it, network.layer(i), name));
          },
          entries[i]));
    else if (kept.empty() ||
             !(std::holds_alternative<Convolution>(kept.back()) ||
               std::holds_alternative<Dense>(kept.back())))
      fail(Refusal::argument,
           "folded: " + name + " follows " + before +
               ", but only a convolution or a dense layer can take it in");
    before = name;
  }
  return kept;
}

// Copies what `from` has learned into `to`, built from the folded list.
template <class T, class Entry>
void fold_network(const std::vector<Entry>& entries, Network<T>& from,
                  Network<T>& to) {
  std::size_t last = 0;  // the layer of `to` that was filled last
  for (std::size_t i = 0, next = 0; i < entries.size(); ++i) {
    if (const auto* norm = std::get_if<BatchNorm>(&entries[i])) {
      const auto learned = from.layer(i).parameters();
      const auto target = to.layer(last).parameters();
      fold_into<T>({learned[2]->value, learned[3]->value},
                   learned[0]->value, learned[1]->value, norm->epsilon,
                   target[0]->value, target[1]->value);
      continue;
    }
    last = next++;
    std::visit(
        [&](const auto& it) {
          fold_layer(it, from.layer(i), to.layer(last));
        },
        entries[i]);
  }
}

template <class T, class Entry>
struct FoldedNetwork {
  std::vector<Entry> entries;
  Network<T> network;
};

// A network without BatchNorms that gives the same answers as `network`,
// apart from rounding. `network` was built from `entries` for images of
// shape `image`, (C, H, W), and may have been trained since.
// Throws std::invalid_argument where folded_list() does, or if the network
// has another number of layers than `entries`.
template <class T, class Entry>
FoldedNetwork<T, Entry> folded(const std::vector<Entry>& entries,
                               const Shape& image, Network<T>& network) {
  if (network.size() != entries.size())
    fail(Refusal::argument, "folded: expected a network of " +
                                counted_text(entries.size(), "layer") +
                                ", got " + std::to_string(network.size()));
  std::vector<Entry> kept = folded_list(entries, network);
  Network<T> result = build_network<T>(kept, image);
  fold_network(entries, network, result);
  return {std::move(kept), std::move(result)};
}

}  // namespace cnn
