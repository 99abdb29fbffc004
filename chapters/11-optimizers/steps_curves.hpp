// Step 3: accuracy against the rate, and again with momentum's rates
// multiplied by ten; with --full also a single batch and the schedules.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "11-optimizers/schedules.hpp"
#include "11-optimizers/steps_tour.hpp"

namespace cnn {

inline std::vector<NamedOptimizer> compared_optimizers(bool full) {
  std::vector<NamedOptimizer> all = {plain_steps(), with_momentum()};
  if (!full) return all;
  all.push_back(named<Nesterov>("Nesterov"));
  all.push_back(named<RmsProp>("RMSProp"));
  all.push_back(named<Adam>("Adam"));
  all.push_back(named<Adam>("AdamW", AdamSettings{.kind = Decay::apart}));
  all.push_back(named<SignSgd>("sign"));
  all.push_back(named<Muon>("Muon"));
  return all;
}

inline std::vector<RateCurve> curves_of(
    OptimizerTour& tour, const Split& digits, const Experiment& experiment,
    const std::vector<NamedOptimizer>& optimizers,
    const std::vector<double>& rates, int seeds) {
  std::vector<RateCurve> curves;
  Progress progress("whole curves",
                    static_cast<int>(optimizers.size() * rates.size()),
                    "rates");
  int done = 0;
  for (const NamedOptimizer& it : optimizers) {
    if (tour.program.interrupted()) break;
    curves.push_back(compute_rate_curve(
        digits, experiment, it, rates, seeds, tour.go_on(),
        [&] { progress.update(++done, it.name); }));
  }
  return curves;
}

// Prints a row for each rate, with at most four optimizers side by side.
inline void print_curves(const std::vector<RateCurve>& curves) {
  for (std::size_t begin = 0; begin < curves.size(); begin += 4) {
    if (begin > 0) print("\n");
    const std::size_t end = std::min(begin + 4, curves.size());
    Rows rows = {{"rate"}};
    for (std::size_t k = begin; k < end; ++k)
      rows[0].push_back(curves[k].name);
    for (std::size_t i = 0; i < curves[0].rates.size(); ++i) {
      rows.push_back({tick_text(curves[0].rates[i])});
      for (std::size_t k = begin; k < end; ++k)
        rows.back().push_back(mean_text(curves[k].accuracies[i]));
    }
    print_table(rows);
  }
}

// Prints SGD's accuracy at each rate, momentum's at a tenth of that rate,
// which stands two places earlier, and momentum's lead, seed by seed.
inline void print_shifted(const RateCurve& plain, const RateCurve& momentum,
                          const std::string& head) {
  Rows rows = {{head, "SGD", "momentum at a tenth", "difference"}};
  for (std::size_t i = 2; i < plain.rates.size(); ++i)
    rows.push_back({tick_text(plain.rates[i]),
                    mean_text(plain.accuracies[i]),
                    mean_text(momentum.accuracies[i - 2]),
                    paired_text(momentum.runs[i - 2], plain.runs[i])});
  print_table(rows);
}

inline std::vector<double> curve_rates(const OptimizerTour& tour) {
  return tour.program.quick() ? std::vector{0.001, 0.003, 0.01, 0.03, 0.1}
                              : rates_of_decades(-4, 0);
}

inline void draw_shifted(OptimizerTour& tour, const std::string& file,
                         const std::string& title,
                         const std::vector<RateCurve>& curves) {
  tour.program.figure(
      file,
      rate_figure_of(title, "learning rate, momentum's times 10",
                     {curves[0], curves[1]}, {1.0, 10.0}, true),
      "do the two lines become one?");
}

// Draws the curves with these names, each up to its fall.
inline void draw_hills(OptimizerTour& tour, const std::string& file,
                       const std::string& title,
                       const std::vector<RateCurve>& curves,
                       const std::vector<std::string>& names) {
  std::vector<RateCurve> drawn;
  for (const std::string& name : names)
    drawn.push_back(named_in(curves, name, "draw_hills"));
  tour.program.figure(
      file,
      rate_figure_of(title, "learning rate", drawn,
                     std::vector<double>(drawn.size(), 1.0), true),
      "where does each hill stand, and how wide is its top?");
}

// Compares the first two curves, SGD and momentum. The study computes them
// again from more seeds, because their difference is small.
inline void print_beside(OptimizerTour& tour,
                         std::vector<RateCurve> curves) {
  const int seeds = tour.seeds(10);
  if (tour.full()) {
    curves = curves_of(tour, tour.digits, tour.experiment,
                       {plain_steps(), with_momentum()}, curve_rates(tour),
                       seeds);
    if (tour.program.interrupted()) return;
    say(
        format("And now SGD beside momentum with a tenth of its rate, from "
               "%d seeds. The difference is momentum's lead in points, "
               "taken seed by seed:",
               seeds));
  } else {
    say("And now SGD beside momentum with a tenth of its rate. The "
        "difference is momentum's lead in points:");
  }
  print("\n");
  print_shifted(curves[0], curves[1], "SGD's rate");
}

inline void whole_curves(OptimizerTour& tour) {
  step("Whole curves, never one rate");
  const int seeds = tour.seeds(3);
  say(format("Chapter 06's network, %d digits, epochs: %d, batches of 32, "
             "warm-up and cosine. Held-out accuracy in percent against the "
             "learning rate. ",
             tour.digits.train.size(), tour.experiment.settings.epochs) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<RateCurve> curves =
      curves_of(tour, tour.digits, tour.experiment,
                compared_optimizers(tour.full()), curve_rates(tour), seeds);
  if (tour.program.interrupted()) return;
  print_curves(curves);
  for (const RateCurve& it : curves)
    tour.program.report("best_" + it.name,
                        format("%.4f", it.accuracies[it.best()].of.mean));
  print("\n");
  print_beside(tour, curves);
  if (tour.program.interrupted()) return;
  if (!tour.full())
    return draw_shifted(tour, "curves-shifted.svg",
                        "Momentum's rates times ten", curves);
  draw_hills(tour, "full-curves-sgd.svg",
             "Accuracy at every rate: SGD and momentum", curves,
             {"SGD", "momentum", "Nesterov", "Muon"});
  draw_hills(tour, "full-curves-adaptive.svg",
             "Accuracy at every rate: a step for each weight", curves,
             {"RMSProp", "Adam", "AdamW", "sign"});
}

// ---- Where noise does not limit ----------------------------------------

// Tries rates between those of the curves, close to the best ones of SGD
// and of momentum.
inline void print_between(OptimizerTour& tour, const Split& few,
                          const Experiment& experiment, int seeds) {
  const std::vector<double> plain_rates = {0.05, 0.1, 0.15, 0.2, 0.25, 0.3};
  const std::vector<double> fast_rates = {0.05, 0.07, 0.1, 0.15, 0.2, 0.3};
  const std::vector<RateCurve> plain =
      curves_of(tour, few, experiment, {plain_steps()}, plain_rates, seeds);
  if (tour.program.interrupted()) return;
  const std::vector<RateCurve> fast = curves_of(
      tour, few, experiment, {with_momentum()}, fast_rates, seeds);
  if (tour.program.interrupted()) return;
  say("A closer look at the rates from 0.05 to 0.3:");
  print("\n");
  Rows rows = {{"SGD's rate", "SGD", "momentum's rate", "momentum"}};
  for (std::size_t i = 0; i < plain_rates.size(); ++i)
    rows.push_back(
        {short_text(plain_rates[i]), mean_text(plain[0].accuracies[i]),
         short_text(fast_rates[i]), mean_text(fast[0].accuracies[i])});
  print_table(rows);
  print("\n");
  const std::size_t a = plain[0].best(), b = fast[0].best();
  say("Best against best, seed by seed: momentum at " +
      short_text(fast_rates[b]) + " minus SGD at " +
      short_text(plain_rates[a]) + " is " +
      paired_text(fast[0].runs[b], plain[0].runs[a]) + " points.");
}

inline void full_batches(OptimizerTour& tour) {
  Split few = tour.digits;
  few.train = first(few.train, 500);
  const std::string one_batch =
      format("with %d digits in one batch", few.train.size());
  step("The same " + one_batch);
  Experiment experiment = tour.experiment;
  experiment.settings.batch = few.train.size();
  experiment.settings.epochs = tour.program.quick() ? 2 : 60;
  const int seeds = tour.seeds(10);
  say(format("%d digits in a single batch, so there is no noise: %d steps, "
             "warm-up and cosine. Held-out accuracy in percent. ",
             few.train.size(), experiment.settings.epochs) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<double> rates =
      tour.program.quick() ? curve_rates(tour) : rates_of_decades(-3, 1);
  const std::vector<RateCurve> curves =
      curves_of(tour, few, experiment, {plain_steps(), with_momentum()},
                rates, seeds);
  if (tour.program.interrupted()) return;
  print_curves(curves);
  print("\n");
  print_shifted(curves[0], curves[1], "SGD's rate, one batch");
  print("\n");
  print_between(tour, few, experiment, seeds);
  if (tour.program.interrupted()) return;
  draw_shifted(tour, "full-one-batch-shifted.svg",
               "Momentum's rates times ten, " + one_batch, curves);
}

// ---- Schedules ---------------------------------------------------------

inline void what_schedules_buy(OptimizerTour& tour) {
  step("What a schedule buys");
  const int seeds = tour.seeds(6);
  say(format("Step 1's network and digits, epochs: %d, and held-out "
             "accuracy in percent at four settings. Stairs keep the rate "
             "for half of the run, take a tenth of it for a quarter, and a "
             "hundredth for the last. ",
             tour.experiment.settings.epochs) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<RatedOptimizer> runs = {{with_momentum(), 0.01},
                                            {with_momentum(), 0.05},
                                            {named<Adam>("Adam"), 0.001},
                                            {named<Adam>("Adam"), 0.01}};
  Rows rows = {{"schedule"}};
  for (const RatedOptimizer& it : runs)
    rows[0].push_back(it.optimizer.name + " " + tick_text(it.rate));
  Progress progress("schedules", static_cast<int>(named_schedules().size()),
                    "schedules");
  int done = 0;
  for (const NamedSchedule& entry : named_schedules()) {
    progress.update(done++, entry.words);
    rows.push_back({entry.words});
    for (const RatedOptimizer& it : runs) {
      Experiment experiment = tour.experiment;
      experiment.settings.schedule = entry.schedule;
      experiment.settings.learning_rate = it.rate;
      rows.back().push_back(
          seeds_text(compute_runs(tour.digits, experiment, it.optimizer,
                                  seeds, tour.go_on())
                         .accuracies));
      if (tour.program.interrupted()) return;
    }
  }
  progress.update(done);
  print_table(rows);
}

}  // namespace cnn
