// Step 9: chapter 06's training again, against the clock; with --data all
// of MNIST.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <string>

#include "07-speed/figures.hpp"
#include "07-speed/steps_measured.hpp"
#include "07-speed/steps_options.hpp"
#include "07-speed/timed_training.hpp"

namespace cnn {

// ---- Chapter 06's training, again --------------------------------------

inline void print_epochs(const TimedTraining& run) {
  Rows rows = {{"epoch", "loss", "held-out accuracy"}};
  for (const EpochRecord& now : run.epochs)
    rows.push_back({std::to_string(now.epoch), format("%.4f", now.loss),
                    percent(now.held_out_accuracy)});
  print_table(rows);
}

// The plain run may have been cut short, so its seconds are scaled up to
// the number of steps of the fast one.
inline void print_seconds(Measured& measured, const TimedTraining& fast,
                          const TimedTraining& plain) {
  const double plain_seconds = plain.seconds * fast.steps / plain.steps;
  measured.table({{"", "seconds of training"},
                  {plain.steps == fast.steps
                       ? "plain loops"
                       : format("plain loops, from %d of %d steps",
                                plain.steps, fast.steps),
                   format("%.1f", plain_seconds)},
                  {"fast", format("%.2f", fast.seconds)},
                  {"ratio", format("%.0f", plain_seconds / fast.seconds)}});
  measured.value("plain training, seconds", format("%.0f", plain_seconds));
  measured.value("fast training, seconds", format("%.2f", fast.seconds));
}

// Trains the plain network; a fast one, `watcher`, finds its accuracies.
inline TimedTraining watched_plain_run(const Program& program,
                                       Network<>& slow,
                                       FastNetwork& watcher,
                                       const Experiment& experiment,
                                       const Split& digits, int steps) {
  Progress progress("the plain loops", steps, "steps");
  return compute_timed_training(
      slow, gradients_of(slow), experiment, digits.train, steps,
      [&] {
        copy_parameters(slow, watcher);
        return accuracy(watcher, digits.held_out);
      },
      [&](const TrainingStep& now) {
        progress.update(now.step, format("loss %.3f", now.loss));
        return !program.interrupted();
      });
}

// fast: of chapter 06's architecture; this function trains it
inline void training_again(Program& program, Measured& measured,
                           const Split& digits, const Machine& machine,
                           FastNetwork& fast) {
  step("Chapter 06's training, again");
  say("The same network from the same first numbers, and the same digits "
      "in the same order. Only rounding differs, and it adds up:");
  print("\n");
  Experiment experiment;
  experiment.settings.seed = program.seed();
  if (program.quick()) experiment.settings.epochs = 1;
  Network<> slow = fresh_network(experiment);
  copy_parameters(slow, fast);
  const int steps =
      training_steps(digits.train.size(), experiment.settings);
  const TimedTraining fast_run = compute_timed_training(
      fast, gradients_of(fast), experiment, digits.train, steps,
      [&] { return accuracy(fast, digits.held_out); },
      [&](const TrainingStep&) { return !program.interrupted(); });
  if (program.interrupted()) return;
  print_epochs(fast_run);
  program.report("held_out_accuracy",
                 format("%.4f", fast_run.epochs.back().held_out_accuracy));
  const int slow_steps =
      program.flag("record") ? steps : std::min(steps, 60);
  FastNetwork watcher(digit_network, {1, 28, 28}, chosen_options(program));
  const TimedTraining slow_run = watched_plain_run(
      program, slow, watcher, experiment, digits, slow_steps);
  if (program.interrupted()) return;
  print_seconds(measured, fast_run, slow_run);
  measured.figure("training-measured.svg",
                  seconds_figure(fast_run.curve, slow_run.curve, machine),
                  "the plain loops, as far as they ran, and the fast ones");
}

// ---- All of MNIST ------------------------------------------------------

inline void all_of_mnist(Program& program, Measured& measured) {
  step("All of MNIST");
  say("60,000 digits to learn from, 8 epochs in batches of 64, learning "
      "rate 0.08 after a warm-up over the first fifth, then down to 0 "
      "along a cosine. We chose these settings on 5,000 digits kept back "
      "from the 60,000. The 10,000 test digits are read once for each "
      "seed.");
  Rows rows = {{"seed", "test digits right"}};
  Rows times = {{"seed", "test digits right", "seconds in all"}};
  double shares = 0, seconds = 0;
  const int seeds = program.quick() ? 1 : 3;
  for (int seed = 1; seed <= seeds; ++seed) {
    const double begin = seconds_now();
    Split digits = load_digits(program.data());
    if (program.quick()) digits.train = first(digits.train, 200);
    TrainingSettings settings = mnist_settings(seed);
    if (program.quick()) settings.epochs = 1;
    Progress progress("seed " + std::to_string(seed),
                      training_steps(digits.train.size(), settings),
                      "steps");
    const double share = compute_mnist(
        digits, settings, chosen_options(program),
        [&](const TrainingStep& now) {
          progress.update(now.step, format("loss %.3f", now.loss));
          return !program.interrupted();
        });
    if (program.interrupted()) return;
    const double lasted = seconds_now() - begin;
    shares += share;
    seconds += lasted;
    rows.push_back({std::to_string(seed), percent(share)});
    times.push_back(
        {std::to_string(seed), percent(share), format("%.1f", lasted)});
  }
  rows.push_back({"mean of the seeds", percent(shares / seeds)});
  times.push_back({"mean of the seeds", percent(shares / seeds),
                   format("%.1f", seconds / seeds)});
  print("\n");
  print_table(rows);
  measured.table(times);
  measured.value("all of MNIST, right", percent(shares / seeds));
  measured.value("all of MNIST, seconds", format("%.1f", seconds / seeds));
  program.report("mnist_accuracy", format("%.4f", shares / seeds));
}

}  // namespace cnn
