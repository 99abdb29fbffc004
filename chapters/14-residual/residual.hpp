// A residual block (He and others, "Deep Residual Learning for Image
// Recognition", 2015): some layers compute a correction, and what came in
// is added to it.
// Book: book/14-residual.md
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/plan.hpp"
#include "07-speed/work.hpp"
#include "13-normalization/folding.hpp"
#include "13-normalization/normalized_list.hpp"

namespace cnn {

// Where a block's branch and its skip meet: two tensors of the same shape
// -> their sum
template <class T>
Tensor<T> skip_sum(Tensor<T> branch, const Tensor<T>& skip) {
  require_shape(skip.shape(), branch.shape(), "skip_sum",
                "what comes over the skip");
  for (std::size_t i = 0; i < branch.data().size(); ++i)
    branch.data()[i] += skip.data()[i];  // (14.1)
  return branch;
}

// An entry that holds lists of entries, which may hold such entries again.
struct Residual;
using ResidualArchitecture = WiderList<NormalizedArchitecture, Residual>;

// There is no ReLU after the sum: where one is wanted, it is the next entry
// of the list.
struct Residual {
  ResidualArchitecture branch;
  // The skip's layers, such as a convolution of 1 x 1 where the branch
  // changes the shape. Without any, the input arrives as it is.
  ResidualArchitecture skip = {};
  // true: a normalization at the branch's end starts with a scale of 0
  bool zero_initialized = true;
};

// Gives the same input to two networks and adds their outputs.
template <class T = float>
class ResidualLayer : public Layer<T> {
 public:
  ResidualLayer(Network<T> branch, Network<T> skip)
      : branch_(std::move(branch)), skip_(std::move(skip)) {
    for (Parameter<T>* parameter : skip_.parameters())
      parameter->name = "skip." + parameter->name;
  }

  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    return skip_sum(branch_.forward(input, mode),
                    skip_.forward(input, mode));
  }

  // The gradient of a sum goes to both terms as it is, and both began with
  // the input.                                                       (14.2)
  Tensor<T> backward(const Tensor<T>& grad_output,
                     bool want_grad_input) override {
    Tensor<T> branch = branch_.backward(grad_output, want_grad_input);
    const Tensor<T> skip = skip_.backward(grad_output, want_grad_input);
    return want_grad_input ? skip_sum(std::move(branch), skip)
                           : Tensor<T>();
  }

  // The branch's parameters, then the skip's.
  std::vector<Parameter<T>*> parameters() override {
    std::vector<Parameter<T>*> all = branch_.parameters();
    for (Parameter<T>* parameter : skip_.parameters())
      all.push_back(parameter);
    return all;
  }

  Network<T>& branch() { return branch_; }
  Network<T>& skip() { return skip_; }

 private:
  Network<T> branch_, skip_;  // an empty network returns its input
};

// The scale of the normalization that `list` ends in, in the network that
// was built from it; null if the list ends in anything else. (A block at
// the end has set its own.)
template <class T>
Parameter<T>* last_scale(const ResidualArchitecture& list,
                         Network<T>& network) {
  if (list.empty() || std::holds_alternative<Residual>(list.back()))
    return nullptr;
  for (Parameter<T>* it : network.layer(network.size() - 1).parameters())
    if (it->trained && it->fan_in == 0 && it->start == 1) return it;
  return nullptr;
}

inline std::string kind(const Residual&) {
  return "residual";
}

template <class T>
std::unique_ptr<Layer<T>> make_layer(const Residual& it,
                                     const Shape& input) {
  require_rank(input, 4, "Residual", "input");
  if (it.branch.empty())
    fail(Refusal::argument,
         "Residual: expected layers in the branch, got none");
  const Shape image(input.begin() + 1, input.end());
  Network<T> branch = build_network<T>(it.branch, image);
  if (Parameter<T>* scale = last_scale(it.branch, branch);
      scale && it.zero_initialized) {
    scale->start = 0;
    scale->value = Tensor<T>(scale->value.shape());
  }
  return std::make_unique<ResidualLayer<T>>(
      std::move(branch), build_network<T>(it.skip, image));
}

inline void describe(const Residual& it, Plan& plan) {
  const auto describe_all = [&](const ResidualArchitecture& entries) {
    for (const auto& entry : entries)
      std::visit([&](const auto& layer) { describe(layer, plan); }, entry);
  };
  const int input = plan.mark();
  describe_all(it.branch);
  if (it.skip.empty()) {
    plan.add(input);
    return;
  }
  const int branch = plan.rewind(input);
  describe_all(it.skip);
  plan.add(branch);
}

// The multiply-adds of all the layers in a block.
inline double products_of(const Residual& it, Layer<>& layer,
                          const Tensor<>& input, const Tensor<>&) {
  auto& block = static_cast<ResidualLayer<>&>(layer);
  double sum = 0;
  for (const double one : all_products(it.branch, block.branch(), input))
    sum += one;
  for (const double one : all_products(it.skip, block.skip(), input))
    sum += one;
  return sum;
}

// What the backward pass saves if a network begins with this block: the
// first layers of branch and skip need no gradient of their input.
inline double skipped_products(const Residual& it, Layer<>& layer,
                               const Tensor<>& input, const Tensor<>&) {
  auto& block = static_cast<ResidualLayer<>&>(layer);
  return skipped_in_first(it.branch, block.branch(), input) +
         skipped_in_first(it.skip, block.skip(), input);
}

// The block without its normalizations, which the layers before them take
// over (chapter 13).
template <class T>
Residual folded_entry(const Residual& it, Layer<T>& layer,
                      const std::string& name) {
  auto& block = static_cast<ResidualLayer<T>&>(layer);
  return {folded_list(it.branch, block.branch(), name + "."),
          folded_list(it.skip, block.skip(), name + ".skip."),
          it.zero_initialized};
}
// Gives `to`, built from folded_entry(), the folded parameters of `from`.
template <class T>
void fold_layer(const Residual& it, Layer<T>& from, Layer<T>& to) {
  auto& source = static_cast<ResidualLayer<T>&>(from);
  auto& target = static_cast<ResidualLayer<T>&>(to);
  fold_network(it.branch, source.branch(), target.branch());
  fold_network(it.skip, source.skip(), target.skip());
}

// Give each Dropout of a list, also within blocks, a seed of its own:
// seed, seed + 1 ...
inline void give_own_masks(ResidualArchitecture& entries,
                           std::uint64_t& seed) {
  for (auto& entry : entries) {
    if (auto* dropout = std::get_if<Dropout>(&entry))
      dropout->seed = seed++;
    if (auto* block = std::get_if<Residual>(&entry)) {
      give_own_masks(block->branch, seed);
      give_own_masks(block->skip, seed);
    }
  }
}
inline ResidualArchitecture with_own_masks(ResidualArchitecture entries,
                                           std::uint64_t seed = 1) {
  give_own_masks(entries, seed);
  return entries;
}

}  // namespace cnn
