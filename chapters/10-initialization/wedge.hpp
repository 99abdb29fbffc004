// Which starts learn at which depth: the same short training from each.
// Book: book/10-initialization.md
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "06-training/choices.hpp"
#include "07-speed/fast_training.hpp"
#include "10-initialization/deep_network.hpp"
#include "10-initialization/named_starts.hpp"

namespace cnn {

// The starts of the wedge, from left to right in its figure.
inline std::vector<NamedStart> wedge_starts() {
  std::vector<NamedStart> starts = {{"0.01", fixed_start(0.01)}};
  for (const double gain : {0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0})
    starts.push_back({"gain " + short_text(gain), gain_start(gain)});
  starts.push_back({"measured", gain_start(1), true});
  return starts;
}

// The index of a start in wedge_starts(), by its name.
// Throws std::invalid_argument if there is no such start.
inline std::size_t wedge_column(const std::string& name) {
  const std::vector<NamedStart> starts = wedge_starts();
  const NamedStart* start = find_named(starts, name);
  if (!start)
    fail(Refusal::argument,
         "wedge_column: expected " + names_of(starts) + ", got " + name);
  return static_cast<std::size_t>(start - starts.data());
}

// The result of one training run.
struct StartRun {
  std::optional<double> first_loss;  // in step 1; none if that step broke
  std::optional<double> accuracy;    // held out; none if the run broke
};

// Trains a network from the parameters that it has.
inline StartRun run_from(FastNetwork& network, const Split& digits,
                         const TrainingSettings& settings,
                         const AfterStep& after_step = {}) {
  Sgd sgd(0.9);
  StartRun run;
  run.accuracy = unless_broken([&] {
    train_fast(network, sgd, digits.train, settings,
               [&](const TrainingStep& now) {
                 if (now.step == 1) run.first_loss = now.loss;
                 return !after_step || after_step(now);
               });
    return accuracy(network, digits.held_out);
  });
  return run;
}

// One cell of the wedge: trains `depth` layers of `width` cells.
inline StartRun compute_start(const NamedStart& start, int depth, int width,
                              const Split& digits,
                              const TrainingSettings& settings,
                              const AfterStep& after_step = {},
                              const Measure& measure = measured_start) {
  const Architecture layers = deep_network(depth, width);
  Network<> plain = build_network(layers, {1, 28, 28});
  Random random(settings.seed);
  begin_with(start, plain, first(digits.train, 256).images, random, 0.1f,
             measure);
  FastNetwork network(layers, {1, 28, 28});
  copy_parameters(plain, network);
  return run_from(network, digits, settings, after_step);
}

// Two epochs, chapter 06's schedule, and a rate at which all depths learn
// from some start.
inline TrainingSettings wedge_settings(std::uint64_t seed) {
  TrainingSettings settings;
  settings.epochs = 2;
  settings.batch = 64;
  settings.learning_rate = 0.02;
  settings.seed = seed;
  return settings;
}

// The loss before the first step, in a network whose last layer begins at
// `last_scale` times the size that the start gives it. Can be inf or NaN.
inline double loss_at_start(const NamedStart& start, int depth, int width,
                            const Dataset& digits, float last_scale,
                            std::uint64_t seed) {
  const Architecture layers = deep_network(depth, width);
  Network<> network = build_network(layers, {1, 28, 28});
  Random random(seed);
  begin_with(start, network, digits.images, random, last_scale);
  return static_cast<double>(cross_entropy(
      network.forward(digits.images, Mode::evaluation), digits.labels));
}

}  // namespace cnn
