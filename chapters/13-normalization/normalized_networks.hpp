// The networks that this chapter compares, each with or without a
// normalization between a layer's sums and its ReLU, and their accuracy
// after a short training.
// Book: book/13-normalization.md
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "06-training/choices.hpp"
#include "07-speed/fast_training.hpp"
#include "10-initialization/deep_network.hpp"
#include "10-initialization/named_starts.hpp"
#include "10-initialization/same_everywhere.hpp"
#include "11-optimizers/rate_curves.hpp"
#include "13-normalization/normalized_list.hpp"

namespace cnn {

// `layers` with the entries `more` inserted before each ReLU, as a List.
// Without `more`, only the type of the list changes.
template <class List = NormalizedArchitecture, class... More>
List before_each_relu(const Architecture& layers, const More&... more) {
  List list;
  for (const auto& entry : layers)
    std::visit(
        [&](const auto& it) {
          if constexpr (std::is_same_v<std::decay_t<decltype(it)>, Relu>)
            (list.push_back(more), ...);
          list.push_back(it);
        },
        entry);
  return list;
}

// One training run: the layers, their start, and the settings.
template <class List = NormalizedArchitecture>
struct NormRun {
  List layers;
  TrainingSettings settings;
  NamedStart start = {"he", he_initializer()};
  float last_scale = 0.1f;  // factor for the last layer's weights
  double momentum = 0.9;    // of SGD
};

// The network of a run before its first step, for images (1, 28, 28).
class StartedNetwork : public FastNetwork {
 public:
  template <class List>
  explicit StartedNetwork(const NormRun<List>& run)
      : FastNetwork(run.layers, {1, 28, 28}) {
    Random random(run.settings.seed);
    begin_with(run.start, plain(), Tensor<>(), random, run.last_scale);
  }
};

// The same network with the same initial numbers, in double and layer by
// layer.
template <class List>
Network<double> doubled(const NormRun<List>& run) {
  Network<> from = build_network(run.layers, {1, 28, 28});
  Random random(run.settings.seed);
  begin_with(run.start, from, Tensor<>(), random, run.last_scale);
  Network<double> network = build_network<double>(run.layers, {1, 28, 28});
  const std::vector<Parameter<>*> numbers = from.parameters();
  const std::vector<Parameter<double>*> own = network.parameters();
  for (std::size_t p = 0; p < own.size(); ++p)
    own[p]->value = convert<double>(numbers[p]->value);
  return network;
}

// The held-out accuracy after a run; no number if the training broke.
template <class List>
std::optional<double> accuracy_of(const NormRun<List>& run,
                                  const Split& digits,
                                  const AfterStep& after_step = {}) {
  return unless_broken([&] {
    StartedNetwork network(run);
    Sgd sgd(run.momentum);
    train_fast(network, sgd, digits.train, run.settings, after_step);
    return accuracy(network, digits.held_out);
  });
}

// The mean of accuracy_of() over `seeds` seeds, beginning with the run's.
template <class List>
RunsMean accuracy_from_seeds(NormRun<List> run, const Split& digits,
                             int seeds, const AfterStep& after_step = {}) {
  std::vector<std::optional<double>> shares;
  for (int i = 0; i < seeds; ++i, ++run.settings.seed)
    shares.push_back(accuracy_of(run, digits, after_step));
  return mean_of_runs(shares);
}

// That mean for each of `numbers`, which `change` sets in the run, for
// instance as its learning rate. Calls after_each() after each of them.
template <class List>
RateCurve curve_over(
    const std::string& name, const NormRun<List>& run,
    const std::vector<double>& numbers,
    const std::function<void(NormRun<List>&, double)>& change,
    const Split& digits, int seeds, const AfterStep& after_step = {},
    const std::function<void()>& after_each = {}) {
  RateCurve curve{name, numbers, {}};
  for (const double number : numbers) {
    NormRun<List> changed = run;
    change(changed, number);
    curve.accuracies.push_back(
        accuracy_from_seeds(changed, digits, seeds, after_step));
    if (after_each) after_each();
  }
  return curve;
}

// A copy of the values of all parameters of a network, trained or not.
// put_back() restores them; the network must still exist.
class KeptValues {
 public:
  explicit KeptValues(Layer<>& network) : network_(&network) {
    for (const Parameter<>* it : network.parameters())
      values_.push_back(it->value);
  }
  void put_back() const {
    const std::vector<Parameter<>*> now = network_->parameters();
    for (std::size_t p = 0; p < now.size(); ++p) now[p]->value = values_[p];
  }
  const std::vector<Tensor<>>& values() const { return values_; }

 private:
  Layer<>* network_;
  std::vector<Tensor<>> values_;
};

// Keeps such a copy and restores it at the end of a scope, even if an
// exception ends it.
class PutBackAtEnd {
 public:
  explicit PutBackAtEnd(Layer<>& network) : kept_(network) {}
  ~PutBackAtEnd() { kept_.put_back(); }
  PutBackAtEnd(const PutBackAtEnd&) = delete;
  PutBackAtEnd& operator=(const PutBackAtEnd&) = delete;
  const std::vector<Tensor<>>& values() const { return kept_.values(); }

 private:
  KeptValues kept_;
};

}  // namespace cnn
