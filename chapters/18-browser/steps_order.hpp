// Step 4: the same training with its sums in another order.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "18-browser/figures.hpp"
#include "18-browser/steps_lesson.hpp"
#include "18-browser/twins.hpp"

namespace cnn {

// ---- Chapter 06's loops ------------------------------------------------

// Trains with the plain loops and the portable kernels side by side for
// some steps, and returns how far apart they are after each.
inline std::vector<Apart> plain_beside_portable(const BrowserTour& tour,
                                                int steps,
                                                Progress& progress) {
  const Experiment experiment = experiment_of(tour);
  Network<> plain = fresh_network(experiment);
  FastNetwork fast(experiment.architecture, {1, 28, 28},
                   {.isa = "portable"});
  start(fast, experiment);
  std::vector<Apart> drift;
  train_side_by_side(
      {fast, gradients_of(fast)}, {plain, gradients_of(plain)}, experiment,
      tour.digits.train, [](const Batch&) {},
      [&](const TrainingStep& now) {
        drift.push_back(
            apart(now.step, numbers_of(fast), numbers_of(plain)));
        progress.update(now.step);
        return now.step < steps && !tour.program.interrupted();
      });
  return drift;
}

inline void print_drift(const std::vector<Apart>& drift,
                        const std::vector<int>& steps) {
  Rows rows = {{"after step", "numbers that differ", "by up to"}};
  for (const Apart& now : drift)
    if (std::count(steps.begin(), steps.end(), now.step) > 0)
      rows.push_back({grouped(now.step), grouped(now.numbers),
                      format("%.1e", now.largest)});
  print_table(rows);
}

inline void the_plain_loops(BrowserTour& tour) {
  const int steps = tour.program.quick() ? 4 : 40;
  say("First chapter 06's loops beside the portable kernels: the same "
      "products, added up in the order of the loops.");
  print("\n");
  Progress progress("the plain loops", steps, "steps");
  const std::vector<Apart> drift =
      plain_beside_portable(tour, steps, progress);
  progress.clear();
  if (!tour.program.interrupted())
    print_drift(drift, {1, 2, 5, 10, 20, 40});
}

// ---- Batches from the end ----------------------------------------------

inline int all_steps(const BrowserTour& tour) {
  return training_steps(tour.digits.train.size(),
                        settings_of(tour.recipe, 0));
}

// Pairs from several seeds. The first pair has the tour's own seed and
// trains to the end of the run, the others for some steps. And a pair whose
// networks make no choices.
struct OrderTrial {
  std::vector<Twins> twins;
  Twins linear;
};

inline OrderTrial compute_order_trial(BrowserTour& tour, int seeds,
                                      int steps_of_others) {
  const int whole = all_steps(tour),
            some = std::min(whole, steps_of_others);
  Progress progress("twins", 2 * whole + (seeds - 1) * some, "steps");
  int done = 0;
  const AfterStep go_on = [&](const TrainingStep&) {
    progress.update(++done);
    return !tour.program.interrupted();
  };
  OrderTrial trial;
  for (int seed = 0; seed < seeds && !tour.program.interrupted(); ++seed) {
    TwinSettings settings = {experiment_of(tour), seed == 0 ? whole : some};
    settings.experiment.settings.seed += static_cast<std::uint64_t>(seed);
    if (seed == 0)
      for (const int step : {1, 10, 40, 160, 250, whole})
        if (step <= whole) settings.kept.push_back(step);
    trial.twins.push_back(compute_twins(settings, tour.digits, go_on));
  }
  TwinSettings settings = {experiment_of(tour), whole};
  Architecture& layers = settings.experiment.architecture;
  layers = without_choices(layers);
  if (!tour.program.interrupted())
    trial.linear = compute_twins(settings, tour.digits, go_on);
  return trial;
}

inline std::string step_or_never(int step) {
  return step == 0 ? "-" : grouped(step);
}

inline Strings twins_row(const std::string& name, const Twins& twins) {
  return {name,
          step_or_never(twins.first_beyond(0)),
          step_or_never(twins.first_choice),
          step_or_never(twins.first_beyond(0.001)),
          grouped(twins.drift.back().step),
          format("%.1e", twins.drift.back().largest),
          percent(twins.accuracy[0]),
          percent(twins.accuracy[1]),
          grouped(twins.other_answers)};
}

// What the columns of twins_rows() say.
inline const char* const twins_columns =
    "'Bit' is the first step after which a bit differed, 'choice' the "
    "first in whose batch a ReLU or a max-pooling chose differently, and "
    "'0.001' the first after which a weight differed by more than that, "
    "among the steps at which all weights are compared. A dash means "
    "never. 'Steps' is how far a pair was trained, and the last columns "
    "hold what was found then: the largest difference, the share of the "
    "held-out digits that each network reads right, and how many answers "
    "differ.";

// A row for each pair; their seeds count up from the tour's.
inline Rows twins_rows(const BrowserTour& tour,
                       const std::vector<Twins>& pairs) {
  Rows rows = {{"seed", "bit", "choice", "0.001", "steps", "by up to",
                "one", "other", "answers"}};
  std::uint64_t seed = tour.program.seed();
  for (const Twins& twins : pairs)
    rows.push_back(twins_row(std::to_string(seed++), twins));
  return rows;
}

inline void print_order_trial(const BrowserTour& tour,
                              const OrderTrial& trial) {
  Rows rows = twins_rows(tour, trial.twins);
  rows.push_back(twins_row("linear", trial.linear));
  print_table(rows);
}

inline void batches_from_the_end(BrowserTour& tour) {
  say("Now two networks on the portable kernels. One adds up each batch "
      "from its first digit to its last, the other from the last to the "
      "first. Both have the same digits in every batch.");
  print("\n");
  const OrderTrial trial = compute_order_trial(
      tour, tour.program.quick() ? 2 : 4, tour.program.quick() ? 10 : 500);
  if (tour.program.interrupted()) return;
  print_drift(trial.twins[0].drift, {1, 10, 40, 160, 250, all_steps(tour)});
  print("\n");
  say("The same from several seeds, of which only the first trains to the "
      "end. " +
      std::string(twins_columns) +
      " The last row is the network of the first seed without ReLU and "
      "with the mean of each window.");
  print("\n");
  print_order_trial(tour, trial);
  print("\n");
  tour.program.figure(
      "drift.svg",
      drift_figure(trial.twins, trial.linear, tour.program.seed()),
      "does a line jump before its mark, the step at which "
      "a choice first differed?");
  tour.program.figure("bits.png", bits_figure(trial.twins[0]),
                      "each cell is a weight, white if all 32 bits agree: "
                      "where do the differences begin?");
  tour.program.report("first_choice",
                      std::to_string(trial.twins[0].first_choice));
}

// ---- 4. The same sums in another order ---------------------------------

inline void another_order(BrowserTour& tour) {
  step("The same training, added up in another order");
  the_plain_loops(tour);
  print("\n");
  if (!tour.program.interrupted()) batches_from_the_end(tour);
}

}  // namespace cnn
