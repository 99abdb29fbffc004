// What an optimizer does to a single number when we choose the gradients:
// small enough to follow by hand.
// Book: book/11-optimizers.md
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "11-optimizers/optimizer.hpp"
#include "11-optimizers/published.hpp"

namespace cnn {

// An optimizer's name in tables and figures, and a function that makes a
// fresh one.
struct NamedOptimizer {
  std::string name;
  std::function<std::unique_ptr<Optimizer>()> make;
};

// A NamedOptimizer whose make() constructs a Kind with these settings.
template <class Kind, class... Settings>
NamedOptimizer named(const std::string& name, Settings... settings) {
  return {name, [=] { return std::make_unique<Kind>(settings...); }};
}

// Returns where a number ends that starts at `start` and is given these
// gradients, one at each step.
inline double end_after(Optimizer& optimizer,
                        const std::vector<double>& gradients, double rate,
                        double start = 0) {
  Parameter<> w{"w", Tensor<>({1}, static_cast<float>(start)),
                Tensor<>({1})};
  for (const double gradient : gradients) {
    w.gradient(0) = static_cast<float>(gradient);
    optimizer.step({&w}, rate);
  }
  return static_cast<double>(w.value(0));
}

// Returns how far the last of `steps` steps goes against a gradient that
// never changes. With enough steps, the memory has filled by then.
inline double update_after(Optimizer& optimizer, double gradient,
                           double rate, int steps) {
  Parameter<> w{"w", Tensor<>({1}), Tensor<>({1})};
  w.gradient(0) = static_cast<float>(gradient);
  for (int step = 0; step < steps; ++step) {
    w.value(0) = 0;  // so that the last step loses no digit
    optimizer.step({&w}, rate);
  }
  return static_cast<double>(-w.value(0));
}

// ---- The memory test ---------------------------------------------------

// Where a number ends that starts at 0, after the gradients 1 and 1
// (`equal`), and after 1 and -1 (`opposite`).
struct MemoryTest {
  std::string name;
  double equal = 0, opposite = 0;
};

inline std::vector<MemoryTest> compute_memory_tests(
    const std::vector<NamedOptimizer>& optimizers, double rate) {
  std::vector<MemoryTest> tests;
  for (const NamedOptimizer& it : optimizers)
    tests.push_back({it.name, end_after(*it.make(), {1, 1}, rate),
                     end_after(*it.make(), {1, -1}, rate)});
  return tests;
}

// ---- The transfer curve ------------------------------------------------

struct TransferCurve {
  std::string name;
  std::vector<double> gradients, updates;  // an update for each gradient
};

// update_after() for gradients from 1e-6 to 1, four in each decade.
inline TransferCurve compute_transfer(const NamedOptimizer& optimizer,
                                      double rate, int steps) {
  TransferCurve curve{optimizer.name, {}, {}};
  const double quarter = 1.7782794100389228;  // of a decade
  double gradient = 1e-6;
  for (int i = 0; i <= 24; ++i, gradient *= quarter) {
    curve.gradients.push_back(gradient);
    curve.updates.push_back(
        update_after(*optimizer.make(), gradient, rate, steps));
  }
  return curve;
}

// ---- Decay -------------------------------------------------------------

// Returns what a weight of 1 has become after `steps` steps of Adam with
// gradient 0 and this decay.
inline double decayed(Decay kind, int steps, double rate, double decay) {
  Adam adam({.kind = kind, .decay = decay});
  return end_after(
      adam, std::vector<double>(static_cast<std::size_t>(steps), 0.0), rate,
      1.0);
}

}  // namespace cnn
