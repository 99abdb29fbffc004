// Steps 3 and 4: accuracy against the rate, for each optimizer, and the
// same with momentum moved by a factor of ten.
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

// A row for each rate; at most four optimizers beside each other.
inline void print_curves(const std::vector<RateCurve>& curves, int seeds) {
  for (std::size_t begin = 0; begin < curves.size(); begin += 4) {
    if (begin > 0) print("\n");
    const std::size_t end = std::min(begin + 4, curves.size());
    Rows rows = {{"rate"}};
    for (std::size_t k = begin; k < end; ++k)
      rows[0].push_back(curves[k].name);
    for (std::size_t i = 0; i < curves[0].rates.size(); ++i) {
      rows.push_back({tick_text(curves[0].rates[i])});
      for (std::size_t k = begin; k < end; ++k)
        rows.back().push_back(mean_text(curves[k].accuracies[i], seeds));
    }
    print_table(rows);
  }
}

// SGD's rate, SGD at it, and momentum at a tenth of it.
inline void print_shifted(const RateCurve& plain, const RateCurve& momentum,
                          int seeds, const std::string& head) {
  Rows rows = {{head, "SGD", "momentum at a tenth", "difference"}};
  for (std::size_t i = 2; i < plain.rates.size(); ++i) {
    const SeedMean &a = plain.accuracies[i],
                   &b = momentum.accuracies[i - 2];
    rows.push_back({tick_text(plain.rates[i]), mean_text(a, seeds),
                    mean_text(b, seeds),
                    format("%+.1f", 100 * (b.mean - a.mean))});
  }
  print_table(rows);
}

inline std::vector<double> curve_rates(const OptimizerTour& tour) {
  return tour.program.quick() ? std::vector{0.001, 0.003, 0.01, 0.03, 0.1}
                              : rates_of_decades(-4, 0);
}

inline void draw_shifted(OptimizerTour& tour, const std::string& file,
                         const std::vector<RateCurve>& curves) {
  tour.program.figure(file,
                      rate_figure_of("Momentum moved by a factor of ten",
                                     "learning rate, momentum's times 10",
                                     {curves[0], curves[1]}, {1.0, 10.0}),
                      "do the two lines become one?");
}

inline void whole_curves(OptimizerTour& tour) {
  step("Whole curves, never one rate");
  const int seeds = tour.seeds(3);
  say(format("Chapter 06's network, %d digits, epochs: %d, batches of 32, "
             "warm-up and cosine. Held-out accuracy in percent against the "
             "learning rate. ",
             tour.digits.train.size(), tour.experiment.settings.epochs) +
      seeds_text(tour, seeds) + ".");
  print("\n");
  const std::vector<RateCurve> curves =
      curves_of(tour, tour.digits, tour.experiment,
                compared_optimizers(tour.full()), curve_rates(tour), seeds);
  if (tour.program.interrupted()) return;
  print_curves(curves, seeds);
  for (const RateCurve& it : curves)
    tour.program.report("best_" + it.name,
                        format("%.4f", it.accuracies[it.best()].mean));
  print("\n");
  say("And now SGD beside momentum with a tenth of its rate:");
  print("\n");
  print_shifted(curves[0], curves[1], seeds, "SGD's rate");
  if (!tour.full()) return draw_shifted(tour, "curves-shifted.svg", curves);
  tour.program.figure(
      "full-curves.svg",
      rate_figure_of("Accuracy at every rate", "learning rate", curves,
                     std::vector<double>(curves.size(), 1.0)),
      "where does each hill stand, and how wide is its top?");
}

// ---- Where noise does not limit ----------------------------------------

inline void full_batches(OptimizerTour& tour) {
  step("The same with all digits in one batch");
  Split few = tour.digits;
  few.train = first(few.train, 500);
  Experiment experiment = tour.experiment;
  experiment.settings.batch = few.train.size();
  experiment.settings.epochs = tour.program.quick() ? 2 : 60;
  const int seeds = tour.seeds(3);
  say(format("%d digits in a single batch, so there is no noise: %d steps, "
             "warm-up and cosine. ",
             few.train.size(), experiment.settings.epochs) +
      seeds_text(tour, seeds) + ".");
  print("\n");
  const std::vector<double> rates =
      tour.program.quick() ? curve_rates(tour) : rates_of_decades(-3, 1);
  const std::vector<RateCurve> curves =
      curves_of(tour, few, experiment, {plain_steps(), with_momentum()},
                rates, seeds);
  if (tour.program.interrupted()) return;
  print_curves(curves, seeds);
  print("\n");
  print_shifted(curves[0], curves[1], seeds, "SGD's rate, one batch");
  draw_shifted(tour, "full-one-batch-shifted.svg", curves);
}

// ---- Schedules ---------------------------------------------------------

inline void what_schedules_buy(OptimizerTour& tour) {
  step("What a schedule buys");
  const int seeds = tour.seeds(6);
  say("The same network and digits, two epochs, and held-out accuracy in "
      "percent at four settings. Stairs keep the rate for half of the run, "
      "take a tenth of it for a quarter, and a hundredth for the last. " +
      seeds_text(tour, seeds) + ".");
  print("\n");
  struct Run {
    NamedOptimizer optimizer;
    double rate;
  };
  const std::vector<Run> runs = {{with_momentum(), 0.01},
                                 {with_momentum(), 0.05},
                                 {named<Adam>("Adam"), 0.001},
                                 {named<Adam>("Adam"), 0.01}};
  Rows rows = {{"schedule"}};
  for (const Run& it : runs)
    rows[0].push_back(it.optimizer.name + " " + tick_text(it.rate));
  Progress progress("schedules", static_cast<int>(named_schedules().size()),
                    "schedules");
  int done = 0;
  for (const NamedSchedule& way : named_schedules()) {
    progress.update(done++, way.words);
    rows.push_back({way.words});
    for (const Run& it : runs) {
      Experiment experiment = tour.experiment;
      experiment.settings.schedule = way.schedule;
      experiment.settings.learning_rate = it.rate;
      rows.back().push_back(mean_text(
          seed_mean(compute_runs(tour.digits, experiment, it.optimizer,
                                 seeds, tour.go_on())
                        .accuracies),
          seeds));
      if (tour.program.interrupted()) return;
    }
  }
  print_table(rows);
}

}  // namespace cnn
