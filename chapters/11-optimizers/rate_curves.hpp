// Compares optimizers as they should be compared: over all learning rates,
// and over several seeds.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "06-training/choices.hpp"
#include "07-speed/fast_training.hpp"
#include "11-optimizers/by_hand.hpp"

namespace cnn {

// The outcome of one training run: the held-out accuracy and the mean loss
// of the last 50 steps. Both are empty if the run broke.
struct RunResult {
  std::optional<double> accuracy, last_loss;
};

inline RunResult compute_run(const Split& digits, Experiment experiment,
                             Optimizer& optimizer,
                             const AfterStep& after_step = {}) {
  RunResult end;
  FastNetwork network(experiment.architecture, {1, 28, 28});
  start(network, experiment);
  end.last_loss = unless_broken([&] {
    const std::vector<TrainingStep> history = train_fast(
        network, optimizer, digits.train, experiment.settings, after_step);
    const std::size_t last = std::min<std::size_t>(50, history.size());
    double sum = 0;
    for (std::size_t i = history.size() - last; i < history.size(); ++i)
      sum += history[i].loss;
    return sum / static_cast<double>(std::max<std::size_t>(last, 1));
  });
  if (end.last_loss) end.accuracy = accuracy(network, digits.held_out);
  return end;
}

// The same for several seeds, in their order.
struct RunResults {
  std::vector<std::optional<double>> accuracies, last_losses;
};

// Trains with `seeds` consecutive seeds, beginning with the experiment's,
// each time with a fresh optimizer.
inline RunResults compute_runs(const Split& digits, Experiment experiment,
                               const NamedOptimizer& optimizer, int seeds,
                               const AfterStep& after_step = {}) {
  RunResults ends;
  for (int i = 0; i < seeds; ++i) {
    const RunResult end =
        compute_run(digits, experiment, *optimizer.make(), after_step);
    ends.accuracies.push_back(end.accuracy);
    ends.last_losses.push_back(end.last_loss);
    ++experiment.settings.seed;
  }
  return ends;
}

// One optimizer's held-out accuracies at each of `rates`.
struct RateCurve {
  std::string name;
  std::vector<double> rates;
  std::vector<RunsMean> accuracies;  // means over the unbroken runs
  // The same accuracies, rate by rate and then seed by seed.
  std::vector<std::vector<std::optional<double>>> runs = {};

  // The index of the rate with the best mean, of those where no run broke.
  std::size_t best() const { return best_of_means(accuracies); }
};

// Calls `after_rate`, if there is one, after each rate.
inline RateCurve compute_rate_curve(
    const Split& digits, Experiment experiment,
    const NamedOptimizer& optimizer, const std::vector<double>& rates,
    int seeds, const AfterStep& after_step = {},
    const std::function<void()>& after_rate = {}) {
  RateCurve curve{optimizer.name, rates, {}, {}};
  for (const double rate : rates) {
    experiment.settings.learning_rate = rate;
    curve.runs.push_back(
        compute_runs(digits, experiment, optimizer, seeds, after_step)
            .accuracies);
    curve.accuracies.push_back(mean_of_runs(curve.runs.back()));
    if (after_rate) after_rate();
  }
  return curve;
}

// 1 and 3 times each power of ten from 10^first on; the last is 10^last.
inline std::vector<double> rates_of_decades(int first, int last) {
  std::vector<double> rates;
  double decade = 1;
  for (int i = 0; i < first; ++i) decade *= 10;
  for (int i = 0; i > first; --i) decade /= 10;
  for (int i = first; i <= last; ++i, decade *= 10) {
    rates.push_back(decade);
    if (i < last) rates.push_back(3 * decade);
  }
  return rates;
}

}  // namespace cnn
