// The networks that this chapter compares, each with or without a
// normalization between a layer's sums and its ReLU, and what a short
// training makes of them.
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

// The same layers with some more before each ReLU; with none, only in a
// list that can hold more.
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

// One training: what is trained, from where, and how.
template <class List = NormalizedArchitecture>
struct NormRun {
  List layers;
  TrainingSettings settings;
  NamedStart start = {"he", he_initializer()};
  float last_scale = 0.1f;  // of the last layer's weights, as chapter 06
  double momentum = 0.9;
};

// The network of a run before its first step.
class StartedNetwork : public FastNetwork {
 public:
  template <class List>
  explicit StartedNetwork(const NormRun<List>& run)
      : FastNetwork(run.layers, {1, 28, 28}) {
    Random random(run.settings.seed);
    begin_with(run.start, plain(), Tensor<>(), random, run.last_scale);
  }
};

// The same in double, layer by layer.
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

// The held-out accuracy after a run; none if it broke.
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

// The same from several seeds.
template <class List>
RunsMean accuracy_from_seeds(NormRun<List> run, const Split& digits,
                             int seeds, const AfterStep& after_step = {}) {
  std::vector<std::optional<double>> shares;
  for (int i = 0; i < seeds; ++i, ++run.settings.seed)
    shares.push_back(accuracy_of(run, digits, after_step));
  return mean_of_runs(shares);
}

// And against something that `change` sets in the run, such as the rate.
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

// The values of a network's parameters, trained or not, to be put back.
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

// The same, put back at the end of a scope, whatever ends it.
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
