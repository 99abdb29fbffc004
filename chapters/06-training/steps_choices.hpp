// Steps 6 to 8: what each choice is worth, whether neighbours matter, and
// what to look at when nothing is learned.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "06-training/choices.hpp"
#include "06-training/figures.hpp"
#include "06-training/steps_options.hpp"
#include "06-training/whole_network_check.hpp"
#include "common/draw/plot.hpp"

namespace cnn {

inline std::string outcome_text(const std::optional<double>& share) {
  return share ? percent(*share) : "the loss is not a number";
}

// try_out() with the time left on the screen; Ctrl-C ends the run early.
inline std::optional<double> run_one(const Program& program,
                                     const std::string& name,
                                     const Experiment& experiment,
                                     const Dataset& train_on,
                                     const Dataset& test_on) {
  Progress progress(
      name, training_steps(train_on.size(), experiment.settings), "steps");
  return try_out(experiment, train_on, test_on,
                 [&](const TrainingStep& now) {
                   progress.update(now.step, format("loss %.3f", now.loss));
                   return !program.interrupted();
                 });
}

// How many of the training digits the short runs learn from.
inline constexpr int few_digits = 1000, more_digits = 2000;

// ---- 6. What each choice is worth --------------------------------------

// Choices to be compared, with their names.
using NamedExperiments = std::vector<std::pair<std::string, Experiment>>;

inline void compare(const Program& program, const Split& digits,
                    const NamedExperiments& experiments) {
  const Dataset few = first(digits.train, few_digits);
  Rows rows = {{"", "size of the first scores", "held-out accuracy"}};
  for (const auto& [name, experiment] : experiments) {
    const double size = first_score_size(experiment, few);
    const auto share =
        run_one(program, name, experiment, few, digits.held_out);
    if (program.interrupted()) return;
    rows.push_back({name, format("%.2g", size), outcome_text(share)});
  }
  print_table(rows);
}

// "0.05"
inline std::string rate_text(const Experiment& experiment) {
  return format("%g", experiment.settings.learning_rate);
}

inline void worth_of_choices(const Program& program, const Split& digits) {
  const Choices it(short_experiment(program, 4));
  step("What each choice is worth");
  say("Short runs (" +
      run_text(std::min(few_digits, digits.train.size()), it.base) +
      "), all with the default settings except for what the table names, "
      "and with a single seed; --full takes six. Beside the accuracy "
      "stands the size of the first scores, those before anything is "
      "learned: the root of the mean of their squares.");
  print("\n");
  print(
      "    With momentum, steps add up and become as much as ten times as "
      "long. So\n    plain steps are also tried with a higher learning "
      "rate:\n\n");
  compare(program, digits,
          {{"momentum 0.9", it.base},
           {"no momentum", it.no_momentum},
           {"no momentum, rate x 6", it.long_steps}});
  print(
      "\n    The size of the starting weights decides whether a signal "
      "gets\n    through at all:\n\n");
  compare(program, digits,
          {{"starting weights x 0.01", it.small_start},
           {"starting weights x 8", it.large_start}});
  print(
      "\n    The default learning rate throughout, and twice that, "
      "throughout or\n    only at the peak of the cosine:\n\n");
  compare(program, digits,
          {{"rate " + rate_text(it.steady) + " throughout", it.steady},
           {"rate " + rate_text(it.twice_falling) + " along a cosine",
            it.twice_falling},
           {"rate " + rate_text(it.twice_steady) + " throughout",
            it.twice_steady}});
}

// ---- 7. Neighbours -----------------------------------------------------

inline void print_neighbours(const Neighbours& dense,
                             const Neighbours& convolutional,
                             const std::string& runs) {
  Rows rows = {{runs, "plain", "permuted"}};
  for (const Neighbours* it : {&dense, &convolutional})
    rows.push_back(
        {format("%s, %d parameters",
                it == &dense ? "dense" : "convolutional", it->parameters),
         outcome_text(it->plain), outcome_text(it->permuted)});
  print_table(rows);
  print("\n");
  say(std::string(dense.plain == dense.permuted
                      ? "The dense network, started from zeros, cannot "
                        "tell the two apart: every pixel has a weight of "
                        "its own, wherever it lies."
                      : "In the dense network every pixel has a weight of "
                        "its own, wherever it lies. It started from zeros, "
                        "so the two differ only because its sums are "
                        "added, and rounded, in another order.") +
      (convolutional.permuted.value_or(0) < convolutional.plain.value_or(0)
           ? " The convolutional network loses what it was built on: that "
             "cells side by side belong together, and that what is worth "
             "finding in one place is worth finding in another."
           : " The convolutional network is built on what the permuted "
             "digits have lost: that cells side by side belong together. "
             "This time it made no use of it."));
}

inline void report_neighbours(Program& program, const std::string& name,
                              const Neighbours& it) {
  const auto text = [](const std::optional<double>& share) {
    return share ? format("%.4f", *share) : "none";
  };
  program.report(name + "_plain_accuracy", text(it.plain));
  program.report(name + "_permuted_accuracy", text(it.permuted));
}

inline void who_is_whose_neighbour(Program& program, const Split& digits) {
  step("Does it matter who is whose neighbour? Permuted digits again");
  say("Chapter 01 put the pixels of every digit into the same new order "
      "and found that a program that looks at flat vectors cannot tell the "
      "difference. A dense layer looks at a flat vector; a convolution "
      "looks at windows. Both learn from the digits as they are, and from "
      "the permuted ones:");
  print("\n");
  const std::vector<int> order = pixel_permutation(28 * 28, 1);
  const Dataset few = first(digits.train, more_digits);
  const Experiment base = short_experiment(program, 4);
  const auto neighbours = [&](const std::string& name,
                              const Experiment& experiment) {
    const auto run = [&](const Experiment& it, const Dataset& train_on,
                         const Dataset& test_on) -> std::optional<double> {
      if (program.interrupted()) return std::nullopt;
      return run_one(program, name, it, train_on, test_on);
    };
    return compute_neighbours(experiment, few, digits.held_out, order, run);
  };
  const Neighbours dense = neighbours("dense", with_one_dense_layer(base));
  const Neighbours convolutional = neighbours("convolutional", base);
  if (program.interrupted()) return;
  print_neighbours(dense, convolutional, run_text(few.size(), base));
  report_neighbours(program, "dense", dense);
  report_neighbours(program, "convolutional", convolutional);
}

// ---- 8. When it does not learn -----------------------------------------

inline void print_by_heart(const std::optional<double>& share) {
  print(
      "    Ten images, forty times over: %s%s. A\n"
      "    network that cannot learn ten images by heart has a bug%s\n",
      outcome_text(share).c_str(), share ? " of them right afterwards" : "",
      share == 1.0 ? "."
                   : ", or a\n    start that is as unlucky as this one: "
                     "try another seed.");
}

inline void learning_rates(Program& program, const Dataset& train_on) {
  const Experiment base = short_experiment(program, 1);
  const int steps =
      std::min(30, training_steps(train_on.size(), base.settings));
  print(
      "\n    Learning rate: the mean loss of steps %d to %d (ln 10 at the "
      "start).\n\n",
      std::max(1, steps - 4), steps);
  Rows rows = {{"learning rate", "loss"}};
  const std::vector<RateLoss> tried = compute_rate_losses(
      base, {0.0001, 0.001, 0.01, 0.1, 1.0, 10.0}, train_on, steps);
  for (const RateLoss& it : tried)
    rows.push_back({tick_text(it.rate),
                    it.loss ? format("%.3f", *it.loss) : "not a number"});
  print_table(rows);
  program.figure("rates.svg", rates_figure(tried),
                 "too small: the loss creeps; good: it falls; too large: "
                 "it leaps up and gets stuck");
}

inline void when_it_does_not_learn(Program& program, const Split& digits,
                                   double first_loss) {
  step("When it does not learn: five things to look at, in this order");
  say("The data: the figure is drawn from what goes into the network, just "
      "before forward(), with the labels that go with it.");
  program.figure(
      "batch.png",
      batch_figure(first_batch(short_experiment(program, 1), digits.train)),
      "is each of them a digit, upright, white on black and called by "
      "its name?");
  print("\n");
  say(
      format("First loss: it should be near ln 10 = 2.303, and here it is "
             "%.3f. If it is far above, the scores start too large, or the "
             "loss is wrong.",
             first_loss));
  Experiment forty_times = short_experiment(program, 40);
  forty_times.settings.epochs = 40;
  const Dataset ten = first(digits.train, 10);
  print_by_heart(try_out(forty_times, ten, ten));
  print(
      "    A sample of the whole network's gradients against central "
      "differences:\n    the largest relative error is %.0e.\n",
      check_whole_network(first(digits.train, 2), program.seed(),
                          program.quick() ? 4 : 20));
  learning_rates(program, digits.train);
}

}  // namespace cnn
