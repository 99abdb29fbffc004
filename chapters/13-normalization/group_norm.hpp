// Group normalization (Wu and He 2018): the channels of each image form
// groups, and each group is given mean 0 and variance 1 by itself, so that
// no image depends on the others in its batch.
// Book: book/13-normalization.md
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/plan.hpp"
#include "13-normalization/batch_norm.hpp"
#include "13-normalization/group_norm_slice.hpp"
#include "13-normalization/standardize.hpp"

namespace cnn {

// Throws std::invalid_argument unless C channels can be divided into
// `groups` groups of equal size.
inline void require_groups(int C, int groups) {
  if (groups < 1 || C % groups != 0)
    fail(Refusal::argument, "GroupNorm: " + std::to_string(C) +
                                " channels cannot be shared among " +
                                std::to_string(groups) + " groups");
}

// The shape that makes a set (standardize.hpp) of the cells of each group
// of each image: (N, C, H, W) or (N, C) -> (1, N groups, cells of a group).
inline Shape groups_as_sets(const Shape& input, int groups,
                            const std::string& where) {
  const Shape channels = channels_as_sets(input, where);
  require_groups(channels[1], groups);
  return {1, channels[0] * groups, channels[1] / groups * channels[2]};
}
// The shape that makes a set of the cells that share a weight and a bias:
// (N, weights, cells per image and weight).
inline Shape weighted_sets(const Shape& input, int weights) {
  return {input[0], weights,
          element_count(input) / (input[0] > 0 ? input[0] : 1) / weights};
}

// Standardizes each group of each image, then scales and shifts.
// input (N, C, H, W) or (N, C)  weight, bias: a number for each channel, or
// for each cell of an image -> output of the same shape as input
template <class T>
Tensor<T> group_norm(const Tensor<T>& input, int groups,
                     const Tensor<T>& weight, const Tensor<T>& bias,
                     double epsilon) {
  const Tensor<T> sets =
      input.reshaped(groups_as_sets(input.shape(), groups, "group_norm"));
  const Tensor<T> x_hat =
      standardized(sets, set_statistics(sets), epsilon)
          .reshaped(weighted_sets(input.shape(), weight.size()));
  return scaled_and_shifted(x_hat, weight, bias).reshaped(input.shape());
}

// The backward pass of group_norm().
// grad_output and input of one shape, (N, C, H, W) or (N, C)
template <class T>
NormGradients<T> group_norm_backward(const Tensor<T>& grad_output,
                                     const Tensor<T>& input, int groups,
                                     const Tensor<T>& weight,
                                     double epsilon) {
  require_shape(grad_output.shape(), input.shape(), "group_norm_backward",
                "grad_output");
  const Shape in_sets =
      groups_as_sets(input.shape(), groups, "group_norm_backward");
  const Shape weighted = weighted_sets(input.shape(), weight.size());
  const Tensor<T> sets = input.reshaped(in_sets);
  const SetStatistics<T> stats = set_statistics(sets);
  const Tensor<T> x_hat = standardized(sets, stats, epsilon);
  NormGradients<T> grads = scaled_and_shifted_backward(
      grad_output.reshaped(weighted), x_hat.reshaped(weighted), weight);
  grads.input = standardized_backward(grads.input.reshaped(in_sets), x_hat,
                                      stats, epsilon)
                    .reshaped(input.shape());
  return grads;
}

// Does the same whether the network is learning or answering.
template <class T = float>
class GroupNormLayer : public Layer<T> {
 public:
  // weights: the shape of weight and of bias, (C) or that of an image.
  GroupNormLayer(const Shape& weights, int groups, double epsilon)
      : groups_(groups),
        epsilon_(epsilon),
        weight_{"weight", Tensor<T>(weights, 1), Tensor<T>(weights), 0, 1},
        bias_{"bias", Tensor<T>(weights), Tensor<T>(weights)} {}

  Tensor<T> forward(const Tensor<T>& input, Mode) override {
    input_ = input;
    return group_norm(input, groups_, weight_.value, bias_.value, epsilon_);
  }
  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    NormGradients<T> grads = group_norm_backward(
        grad_output, input_, groups_, weight_.value, epsilon_);
    weight_.gradient = std::move(grads.weight);
    bias_.gradient = std::move(grads.bias);
    return std::move(grads.input);
  }
  std::vector<Parameter<T>*> parameters() override {
    return {&weight_, &bias_};
  }

 private:
  int groups_;
  double epsilon_;
  Parameter<T> weight_, bias_;
  Tensor<T> input_;
};

struct GroupNorm {
  int groups = 1;
  double epsilon = 1e-5;
};

inline std::string kind(const GroupNorm&) {
  return "gn";
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const GroupNorm& it,
                                     const Shape& input) {
  const int C = channels_as_sets(input, "GroupNorm")[1];
  require_groups(C, it.groups);
  require_epsilon(it.epsilon, "GroupNorm");
  return std::make_unique<GroupNormLayer<T>>(Shape{C}, it.groups,
                                             it.epsilon);
}
inline void describe(const GroupNorm& it, Plan& plan) {
  plan.slice(
      std::make_shared<GroupNormSlice>(it.groups, false, it.epsilon));
}

}  // namespace cnn
