// Layer normalization (Ba, Kiros and Hinton 2016): group normalization with
// a single group, which holds all cells of an image, and with a weight and
// a bias for each cell. (With those for each channel, it is GroupNorm{1}.)
// Book: book/13-normalization.md
#pragma once

#include <memory>
#include <string>

#include "13-normalization/group_norm.hpp"

namespace cnn {

struct LayerNorm {
  double epsilon = 1e-5;
};

inline std::string kind(const LayerNorm&) {
  return "ln";
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const LayerNorm& it,
                                     const Shape& input) {
  channels_as_sets(input, "LayerNorm");
  require_epsilon(it.epsilon, "LayerNorm");
  return std::make_unique<GroupNormLayer<T>>(
      Shape(input.begin() + 1, input.end()), 1, it.epsilon);
}
inline void describe(const LayerNorm& it, Plan& plan) {
  plan.slice(std::make_shared<GroupNormSlice>(1, true, it.epsilon));
}

}  // namespace cnn
