// Batch normalization (Ioffe and Szegedy 2015): gives every channel mean 0
// and variance 1 over all images of a batch and all places of its maps.
// Book: book/13-normalization.md
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "06-training/network.hpp"
#include "07-speed/plan.hpp"
#include "13-normalization/batch_norm_channels.hpp"
#include "13-normalization/standardize.hpp"

namespace cnn {

// The shape that makes a set (standardize.hpp) of each channel's numbers:
// (N, C, H, W) -> (N, C, H W), and (N, C) -> (N, C, 1).
// Throws std::invalid_argument for any other shape, or without channels.
inline Shape channels_as_sets(const Shape& input,
                              const std::string& where) {
  if (input.size() != 2) require_rank(input, 4, where, "input");
  if (input[1] < 1)
    fail(Refusal::argument, where + ": expected channels, got none");
  return {input[0], input[1], input.size() == 2 ? 1 : input[2] * input[3]};
}

// The statistics of each channel over all images and places.
// input (N, C, H, W) or (N, C) -> mean (C)  variance (C)
template <class T>
SetStatistics<T> batch_statistics(const Tensor<T>& input) {
  return set_statistics(
      input.reshaped(channels_as_sets(input.shape(), "batch_statistics")));
}

// (13.3) and (13.4) for each channel. `stats` are the statistics of the
// batch while a network learns, and running ones otherwise.
// input (N, C, H, W) or (N, C)  stats' mean, variance, weight, bias (C)
// -> output of the same shape as input
template <class T>
Tensor<T> batch_norm(const Tensor<T>& input, const SetStatistics<T>& stats,
                     const Tensor<T>& weight, const Tensor<T>& bias,
                     double epsilon) {
  const Shape sets = channels_as_sets(input.shape(), "batch_norm");
  for (const Tensor<T>* one :
       {&stats.mean, &stats.variance, &weight, &bias})
    require_shape(one->shape(), {sets[1]}, "batch_norm",
                  "what each channel has");
  const Tensor<T> x_hat =
      standardized(input.reshaped(sets), stats, epsilon);
  return scaled_and_shifted(x_hat, weight, bias).reshaped(input.shape());
}

// The backward pass of batch_norm(). own_statistics: true if `stats` are
// those of `input`, so that a gradient flows through them as well; false if
// they are constants, so that no image depends on another.
// grad_output (N, C, H, W) or (N, C)  input of the same shape
template <class T>
NormGradients<T> batch_norm_backward(const Tensor<T>& grad_output,
                                     const Tensor<T>& input,
                                     const SetStatistics<T>& stats,
                                     const Tensor<T>& weight,
                                     double epsilon,
                                     bool own_statistics = true) {
  require_shape(grad_output.shape(), input.shape(), "batch_norm_backward",
                "grad_output");
  const Shape sets = channels_as_sets(input.shape(), "batch_norm_backward");
  const Tensor<T> x_hat =
      standardized(input.reshaped(sets), stats, epsilon);
  NormGradients<T> grads = scaled_and_shifted_backward(
      grad_output.reshaped(sets), x_hat, weight);
  if (own_statistics) {
    grads.input = standardized_backward(grads.input, x_hat, stats, epsilon);
  } else {
    for (int n = 0; n < sets[0]; ++n)
      for (int c = 0; c < sets[1]; ++c)
        for (int i = 0; i < sets[2]; ++i)
          grads.input(n, c, i) /= set_deviation(stats, c, epsilon);
  }
  grads.input = std::move(grads.input).reshaped(input.shape());
  return grads;
}

struct BatchNorm {
  double momentum = 0.1;  // the share of the newest batch (13.8)
  double epsilon = 1e-5;
};

// Throws std::invalid_argument unless the momentum is from 0 to 1 and
// epsilon is above 0 and finite.
inline void require_batch_norm(const BatchNorm& it) {
  if (!(it.momentum >= 0 && it.momentum <= 1))
    fail(Refusal::argument,
         "BatchNorm: expected a momentum from 0 to 1, "
         "got " +
             short_text(it.momentum));
  require_epsilon(it.epsilon, "BatchNorm");
}

// While it learns, the layer uses the statistics of the batch and updates
// its running statistics, which it uses otherwise. Its parameters have the
// names and the order of PyTorch's.
template <class T = float>
class BatchNormLayer : public Layer<T> {
 public:
  BatchNormLayer(int C, const BatchNorm& it)
      : it_(it),
        weight_{"weight", Tensor<T>({C}, 1), Tensor<T>({C}), 0, 1},
        bias_{"bias", Tensor<T>({C}), Tensor<T>({C})},
        mean_{"running_mean", Tensor<T>({C}), Tensor<T>({C}), 0, 0, false},
        variance_{"running_var", Tensor<T>({C}, 1), Tensor<T>({C}), 0, 1,
                  false} {
    require_batch_norm(it);
  }

  Tensor<T> forward(const Tensor<T>& input, Mode mode) override {
    input_ = input;
    learns_ = mode.learns;
    used_ = {mean_.value, variance_.value};
    if (learns_ && input.size() > 0) {
      used_ = batch_statistics(input);
      remember(used_, input.size() / mean_.value.size());
    }
    return batch_norm(input, used_, weight_.value, bias_.value,
                      it_.epsilon);
  }

  Tensor<T> backward(const Tensor<T>& grad_output, bool) override {
    NormGradients<T> grads = batch_norm_backward(
        grad_output, input_, used_, weight_.value, it_.epsilon, learns_);
    weight_.gradient = std::move(grads.weight);
    bias_.gradient = std::move(grads.bias);
    return std::move(grads.input);
  }

  std::vector<Parameter<T>*> parameters() override {
    return {&weight_, &bias_, &mean_, &variance_};
  }

 private:
  // running = (1 - momentum) running + momentum new,                (13.8)
  // with m numbers in each channel. Like PyTorch, we keep the unbiased
  // variance, which divides by m - 1, because m numbers lie closer to their
  // own mean than to the true one. A single number has no such variance.
  void remember(const SetStatistics<T>& stats, int m) {
    const T share = static_cast<T>(it_.momentum);
    const T unbiased = static_cast<T>(m) / static_cast<T>(m - 1);
    for (int c = 0; c < mean_.value.size(); ++c) {
      T& mean = mean_.value(c);
      T& variance = variance_.value(c);
      mean += share * (stats.mean(c) - mean);
      if (m > 1)
        variance += share * (unbiased * stats.variance(c) - variance);
    }
  }

  BatchNorm it_;
  Parameter<T> weight_, bias_, mean_, variance_;
  Tensor<T> input_;
  SetStatistics<T> used_;  // by the last forward()
  bool learns_ = false;    // in the last forward()
};

inline std::string kind(const BatchNorm&) {
  return "bn";
}
template <class T>
std::unique_ptr<Layer<T>> make_layer(const BatchNorm& it,
                                     const Shape& input) {
  return std::make_unique<BatchNormLayer<T>>(
      channels_as_sets(input, "BatchNorm")[1], it);
}
inline void describe(const BatchNorm& it, Plan& plan) {
  plan.scale(std::make_shared<BatchNormChannels>(it.momentum, it.epsilon));
}

}  // namespace cnn
