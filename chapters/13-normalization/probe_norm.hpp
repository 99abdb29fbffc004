// Normalization without a batch: after each step the filters are rescaled,
// so that their sums for a few fixed images, the probe, have the deviation
// that batch normalization gives to every batch. On request their biases
// are shifted as well, so that the sums have its mean, too.
// Book: book/13-normalization.md
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "06-training/experiments.hpp"
#include "06-training/network.hpp"
#include "06-training/sgd.hpp"
#include "13-normalization/normalized_networks.hpp"

namespace cnn {

// The mean and the standard deviation of one channel.
struct Spread {
  float mean = 0, deviation = 0;
};

// Those of each channel of z (N, C, ...), over all images and places.
inline std::vector<Spread> channel_spreads(const Tensor<>& z) {
  const int N = z.extent(0), C = z.extent(1);
  const int area = z.size() / (N * C);
  const double count = static_cast<double>(N) * area;
  std::vector<Spread> spreads;
  for (int c = 0; c < C; ++c) {
    double sum = 0, squares = 0;
    const auto visit = [&](const auto& add) {
      for (int n = 0; n < N; ++n)
        for (int k = 0; k < area; ++k)
          add(static_cast<double>(
              z.data()[static_cast<std::size_t>((n * C + c) * area + k)]));
    };
    visit([&](double number) { sum += number; });
    const double mean = sum / count;
    visit([&](double number) {
      squares += (number - mean) * (number - mean);
    });
    spreads.push_back({static_cast<float>(mean),
                       static_cast<float>(std::sqrt(squares / count))});
  }
  return spreads;
}

// Rescales the filters of a layer with weight (C_out, ...) and bias (C_out)
// by the deviation s of its sums z for the probe, and z along with them:
//   w <- w / s,  b <- (b - m) / s,  z <- (z - m) / s               (13.12)
// where m is the mean of the sums if `centred`, else 0. A filter whose sums
// are all (nearly) the same stays as it is. z (N, C_out, ...)
inline void rescale(Parameter<>& weight, Parameter<>& bias, Tensor<>& z,
                    bool centred) {
  const std::vector<Spread> spreads = channel_spreads(z);
  const std::size_t C = spreads.size(),
                    numbers = weight.value.data().size() / C,
                    area = z.data().size() /
                           (C * static_cast<std::size_t>(z.extent(0)));
  for (std::size_t c = 0; c < C; ++c) {
    const float s = spreads[c].deviation;
    const float m = centred ? spreads[c].mean : 0.0f;
    if (!(s > 1e-6f)) continue;
    for (std::size_t i = 0; i < numbers; ++i)
      weight.value.data()[c * numbers + i] /= s;
    bias.value.data()[c] = (bias.value.data()[c] - m) / s;
    for (std::size_t i = c * area; i < z.data().size(); i += C * area)
      for (std::size_t k = 0; k < area; ++k)
        z.data()[i + k] = (z.data()[i + k] - m) / s;
  }
}

// Rescales every layer that has weights, first to last, except the last.
// The network must be plain: every layer with parameters has exactly two,
// the weight and the bias of a convolution or a dense layer.
inline void rescale_on_probe(Network<>& network, const Tensor<>& probe,
                             bool centred) {
  const Parameter<>* last = weights_of(network).back();
  Tensor<> signal = probe;
  for (std::size_t i = 0; i < network.size(); ++i) {
    Layer<>& layer = network.layer(i);
    Tensor<> z = layer.forward(signal, Mode::evaluation);
    const auto parameters = layer.parameters();
    if (!parameters.empty() && parameters[0] == last) return;
    if (parameters.size() == 2)
      rescale(*parameters[0], *parameters[1], z, centred);
    signal = std::move(z);
  }
}

// An optimizer that calls rescale_on_probe() once at the start and after
// every step of `inner`. Network and `inner` must outlive it.
class ProbeNorm : public Optimizer {
 public:
  ProbeNorm(Network<>& network, Tensor<> probe, bool centred,
            Optimizer& inner)
      : network_(network),
        probe_(std::move(probe)),
        centred_(centred),
        inner_(inner) {
    rescale_on_probe(network_, probe_, centred_);
  }
  void step(const std::vector<Parameter<>*>& parameters,
            double learning_rate) override {
    inner_.step(parameters, learning_rate);
    rescale_on_probe(network_, probe_, centred_);
  }

 private:
  Network<>& network_;
  Tensor<> probe_;
  bool centred_;
  Optimizer& inner_;
};

// The held-out accuracy after a run of a plain network whose probe is the
// first `probe_images` training images; no number if the training broke.
inline std::optional<double> accuracy_with_probe(
    const NormRun<Architecture>& run, const Split& digits, int probe_images,
    bool centred, const AfterStep& after_step = {}) {
  return unless_broken([&] {
    StartedNetwork network(run);
    Sgd sgd(run.momentum);
    ProbeNorm normed(network.plain(),
                     first(digits.train, probe_images).images, centred,
                     sgd);
    train_fast(network, normed, digits.train, run.settings, after_step);
    return accuracy(network, digits.held_out);
  });
}

}  // namespace cnn
