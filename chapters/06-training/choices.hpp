// Short runs side by side: what each choice is worth, whether neighbours
// matter, and which learning rates learn.
// Book: book/06-training.md
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <vector>

#include "01-tensor/layout.hpp"
#include "06-training/experiments.hpp"

namespace cnn {

// What a run returns, or nothing if its training broke. (Compiled without
// exceptions, the program ends there instead.)
inline std::optional<double> unless_broken(
    const std::function<double()>& run) {
#ifdef __cpp_exceptions
  try {
    return run();
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
#else
  return run();
#endif
}

// What accuracy_after() returns, or nothing if training broke.
inline std::optional<double> try_out(const Experiment& experiment,
                                     const Dataset& train_on,
                                     const Dataset& test_on,
                                     const AfterStep& after_step = {}) {
  return unless_broken([&] {
    return accuracy_after(experiment, train_on, test_on, after_step);
  });
}

// ---- What each choice is worth -----------------------------------------

// Some settings, and the same with one or two of them changed.
struct Choices {
  Experiment base;
  Experiment no_momentum = base, long_steps = base, longest_steps = base;
  Experiment small_start = base, large_start = base;
  Experiment steady = base, twice_falling = base, twice_steady = base;
  Experiment plain_and_steady = base;

  explicit Choices(const Experiment& it) : base(it) {
    no_momentum.momentum = long_steps.momentum = 0.0;
    longest_steps.momentum = plain_and_steady.momentum = 0.0;
    long_steps.settings.learning_rate *= 6;
    longest_steps.settings.learning_rate *= 10;
    plain_and_steady.settings.schedule = constant_schedule;
    small_start.initial_scale = 0.01f;
    large_start.initial_scale = 8.0f;
    steady.settings.schedule = constant_schedule;
    twice_falling.settings.learning_rate *= 2;
    twice_steady.settings.learning_rate *= 2;
    twice_steady.settings.schedule = constant_schedule;
  }
};

// The size of the scores before anything is learned: the root of the mean
// of their squares.
inline double first_score_size(const Experiment& experiment,
                               const Dataset& data) {
  Network<> network = fresh_network(experiment);
  return root_mean_square(
      network.forward(first(data, 100).images, Mode::evaluation));
}

// The same run from `seeds` consecutive seeds, beginning with that of the
// experiment.
inline std::vector<std::optional<double>> try_seeds(
    Experiment experiment, const Dataset& train_on, const Dataset& test_on,
    int seeds, const AfterStep& after_step = {}) {
  std::vector<std::optional<double>> found;
  for (int i = 0; i < seeds; ++i) {
    found.push_back(try_out(experiment, train_on, test_on, after_step));
    ++experiment.settings.seed;
  }
  return found;
}

// ---- Neighbours --------------------------------------------------------

// One architecture's accuracies on the digits and on the permuted ones.
struct Neighbours {
  int parameters = 0;
  std::optional<double> plain, permuted;
};

// try_out(), or the same with progress on the screen.
using TryOut = std::function<std::optional<double>(
    const Experiment&, const Dataset& train_on, const Dataset& test_on)>;

// Trains and tests on the images as they are, and on the same images with
// all pixels in another order.
inline Neighbours compute_neighbours(const Experiment& experiment,
                                     Dataset train_on, Dataset test_on,
                                     const std::vector<int>& order,
                                     const TryOut& run) {
  Network<> network = fresh_network(experiment);
  Neighbours found{parameter_count(network), {}, {}};
  found.plain = run(experiment, train_on, test_on);
  train_on.images = permute_pixels(train_on.images, order);
  test_on.images = permute_pixels(test_on.images, order);
  found.permuted = run(experiment, train_on, test_on);
  return found;
}

// ---- Learning rates ----------------------------------------------------

struct RateLoss {
  double rate = 0.0;
  std::optional<double> loss;  // none: training broke
  std::vector<double> losses;  // of each step that did not break
};

// The loss after a few steps with each of some constant learning rates: the
// mean of the last five steps.
inline std::vector<RateLoss> compute_rate_losses(
    Experiment experiment, const std::vector<double>& rates,
    const Dataset& train_on, int steps) {
  experiment.settings.schedule = constant_schedule;
  std::vector<RateLoss> found;
  for (const double rate : rates) {
    experiment.settings.learning_rate = rate;
    std::vector<double> losses;
    const auto loss = unless_broken([&] {
      return loss_after(
          experiment, train_on, steps,
          [&](const TrainingStep& now) { losses.push_back(now.loss); });
    });
    found.push_back({rate, loss, losses});
  }
  return found;
}

// The first batch of a run as it goes into the network, in its new order
// and with whatever happened to the images on their way.
inline Dataset first_batch(const Experiment& experiment,
                           const Dataset& train_on) {
  Network<> network = fresh_network(experiment);
  Sgd sgd(experiment.momentum);
  Dataset seen;
  const Gradients look = [&](const Batch& batch, Tensor<>& logits) {
    seen = gathered(batch);
    return loss_and_gradients(network, seen, Mode::training, logits);
  };
  train(network, look, sgd, train_on, experiment.settings,
        [](const TrainingStep&) { return false; });
  return seen;
}

}  // namespace cnn
