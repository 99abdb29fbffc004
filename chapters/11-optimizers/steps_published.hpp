// Steps 4 and 5: a published optimizer that forgets, and which memory the
// digits want.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "11-optimizers/predictor.hpp"
#include "11-optimizers/steps_tour.hpp"

namespace cnn {

inline void transfer_curves(OptimizerTour& tour) {
  step("What a published Adam really was");
  say("How far does one step go for each gradient, at learning rate 0.01? "
      "With SGD; with Adam, after 1000 equal gradients; with a published "
      "Adam, which sets its memory to zero at every step; and with the "
      "gradient's sign, at half the rate.");
  print("\n");
  const std::vector<TransferCurve> curves = {
      compute_transfer(plain_steps(), 0.01, 1),
      compute_transfer(named<Adam>("Adam"), 0.01, 1000),
      compute_transfer(named<ResetAdam>("published"), 0.01, 1),
      compute_transfer(named<SignSgd>("sign, 0.005"), 0.005, 1)};
  Rows rows = {{"gradient"}};
  for (const TransferCurve& it : curves) rows[0].push_back(it.name);
  for (std::size_t i = 0; i < curves[0].gradients.size(); i += 4) {
    rows.push_back({format("%.0e", curves[0].gradients[i])});
    for (const TransferCurve& it : curves)
      rows.back().push_back(format("%.2e", it.updates[i]));
  }
  print_table(rows);
  tour.program.figure("transfer.svg", transfer_figure(curves),
                      "which of them bends, and at which gradient?");
  print("\n");
  say("Step 2's two pairs of gradients again, at a learning rate of 0.1:");
  print("\n");
  print_memory_tests(
      {named<Adam>("Adam"),
       named<ResetCorrectedAdam>("the same, reset at every step"),
       named<ResetAdam>("published"), named<SignSgd>("sign")});
}

inline std::vector<RatedOptimizer> published_and_others(bool full) {
  const AdamSettings same{.beta1 = 0.95, .beta2 = 0.99};  // as published
  const AdamSettings bare{.corrected = false};
  std::vector<RatedOptimizer> all = {
      {named<ResetAdam>("published"), 0.01},
      {named<SignSgd>("sign"), 0.005},
      {named<Adam>("Adam, same betas", same), 0.01},
      {named<Adam>("Adam"), 0.001}};
  if (!full) return all;
  all.push_back({named<Adam>("Adam, not corrected", bare), 0.001});
  all.push_back({named<Adam>("Adam"), 0.003});
  all.push_back({named<Adam>("Adam, not corrected", bare), 0.003});
  return all;
}

// Prints how far some of the settings are ahead of others, seed by seed.
// The indices are those of published_and_others(true).
inline void print_published_pairs(const std::vector<RatedOptimizer>& all,
                                  const std::vector<RunResults>& ends) {
  const std::vector<std::pair<std::size_t, std::size_t>> pairs = {
      {2, 0}, {0, 3}, {4, 3}, {6, 5}};
  const auto words = [&](std::size_t i) {
    return all[i].optimizer.name + ", " + tick_text(all[i].rate);
  };
  Rows rows = {{"optimizer, rate", "ahead of", "by points"}};
  for (const auto& [above, below] : pairs)
    rows.push_back({words(above), words(below),
                    paired_text(ends.at(above).accuracies,
                                ends.at(below).accuracies)});
  print_table(rows);
}

inline void it_does_well(OptimizerTour& tour) {
  if (tour.full())
    step("How well a published optimizer learns");
  else
    print("\n");
  const int seeds = tour.seeds(12);
  say((tour.full()
           ? "How well does the published Adam of the default run learn? "
           : "And how well does it learn? ") +
      format(
          "Epochs: %d, at a constant rate. 'Same betas' are those of the "
          "published one%s. ",
          tour.experiment.settings.epochs,
          tour.full() ? ", and 'not corrected' means without (11.8)" : "") +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  Rows rows = {
      {"optimizer", "rate", "held out (%)", "loss of the last 50 steps"}};
  const auto all = published_and_others(tour.full());
  std::vector<RunResults> all_ends;
  Progress progress("optimizers", static_cast<int>(all.size()), "settings");
  int done = 0;
  for (const RatedOptimizer& it : all) {
    progress.update(done++, it.optimizer.name);
    Experiment experiment = tour.experiment;
    experiment.settings.schedule = constant_schedule;
    experiment.settings.learning_rate = it.rate;
    all_ends.push_back(compute_runs(tour.digits, experiment, it.optimizer,
                                    seeds, tour.go_on()));
    const RunResults& ends = all_ends.back();
    if (tour.program.interrupted()) return;
    const RunsMean losses = mean_of_runs(ends.last_losses);
    rows.push_back({it.optimizer.name, tick_text(it.rate),
                    mean_text(mean_of_runs(ends.accuracies)),
                    losses.broken == losses.runs
                        ? "-"
                        : number_text(losses.of, losses.runs, 3)});
  }
  progress.update(done);
  print_table(rows);
  if (!tour.full()) return;
  print("\n");
  say("The same runs in pairs, seed by seed:");
  print("\n");
  print_published_pairs(all, all_ends);
}

inline void published_optimizer(OptimizerTour& tour) {
  transfer_curves(tour);
  it_does_well(tour);
}

// ---- Which memory the digits want --------------------------------------

// How many digits the gradient "over all digits" is computed from.
inline int full_digits(const OptimizerTour& tour) {
  return std::min(tour.digits.train.size(), 1000);
}

inline PredictorSettings predictor_settings(const OptimizerTour& tour) {
  PredictorSettings settings;
  if (tour.program.quick()) {
    settings.first_step = settings.past = 3;
    settings.every = 1;
  }
  return settings;
}

// One prediction for each seed; empty if the run was interrupted.
inline Predictions predictions_at(OptimizerTour& tour, double rate,
                                  int seeds) {
  Experiment experiment = tour.experiment;
  experiment.settings.learning_rate = rate;
  Predictions all;
  for (int i = 0; i < seeds; ++i, ++experiment.settings.seed) {
    all.push_back(compute_prediction(
        tour.digits.train, first(tour.digits.train, full_digits(tour)),
        experiment, predictor_settings(tour), tour.go_on()));
    if (tour.program.interrupted()) return {};
  }
  return all;
}

// A weight in a mix, with its standard error if there are several seeds.
inline std::string weight_text(const SeedMean& it, std::size_t seeds) {
  return number_text(it, static_cast<int>(seeds), seeds == 1 ? 3 : 2);
}

inline void print_predictions(const std::vector<double>& rates,
                              const std::vector<Predictions>& all) {
  Rows rows = {{"steps ago"}};
  for (const double rate : rates)
    rows[0].push_back("rate " + tick_text(rate));
  rows[0].push_back("momentum");
  double fading = 1;
  for (std::size_t k = 0; k < all[0][0].best.size();
       ++k, fading *= PredictorSettings{}.momentum) {
    rows.push_back({std::to_string(k)});
    for (const auto& seeds : all) {
      const SeedMean it = mean_of(
          seeds, [k](const Prediction& one) { return one.best[k]; });
      rows.back().push_back(weight_text(it, seeds.size()));
    }
    rows.back().push_back(format("%.3f", fading));
  }
  print_table(rows);
}

inline void print_explained(const std::vector<double>& rates,
                            const std::vector<Predictions>& all) {
  Rows rows = {{"explained (%)", "best mix", "momentum's mix",
                "newest gradient alone"}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int seeds = static_cast<int>(all[i].size());
    rows.push_back({"rate " + tick_text(rates[i])});
    for (double Prediction::*share :
         {&Prediction::best_explains, &Prediction::momentum_explains,
          &Prediction::newest_explains})
      rows.back().push_back(mean_text(
          mean_of(all[i],
                  [share](const Prediction& one) { return one.*share; }),
          seeds));
  }
  print_table(rows);
}

// Prints the factors with which momentum's mix, and the newest gradient
// alone, come nearest to the target.
inline void print_multipliers(const std::vector<double>& rates,
                              const std::vector<Predictions>& all) {
  Rows rows = {
      {"multiplied by", "momentum's mix", "newest gradient alone"}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    rows.push_back({"rate " + tick_text(rates[i])});
    for (double Prediction::*times :
         {&Prediction::momentum_times, &Prediction::newest_times})
      rows.back().push_back(weight_text(
          mean_of(all[i],
                  [times](const Prediction& one) { return one.*times; }),
          all[i].size()));
  }
  print_table(rows);
}

inline void ask_for_memory(const OptimizerTour& tour, int seeds) {
  const PredictorSettings settings = predictor_settings(tour);
  const std::string often = settings.every == 1
                                ? "every step"
                                : format("every %dth step", settings.every);
  say("While SGD learns at a constant rate, we ask at " + often +
      format(
          " for the gradient over %d digits, and by least squares for the "
          "mix of the last %d gradients, each over %d digits, that comes "
          "nearest to it. All parameters share one mix, and the first "
          "table has the weight of each gradient in it, beside those of "
          "momentum's own mix. Explained is the share of the squares of "
          "the gradient over all those digits that a mix accounts for. ",
          full_digits(tour), settings.past,
          tour.experiment.settings.batch) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
}

inline void memory_that_digits_want(OptimizerTour& tour) {
  step("Which memory do the digits want?");
  const int seeds = tour.seeds(3);
  ask_for_memory(tour, seeds);
  const std::vector<double> rates = {0.001, 0.01, 0.1};
  std::vector<Predictions> all;
  Progress progress("memories", static_cast<int>(rates.size()), "rates");
  for (const double rate : rates) {
    all.push_back(predictions_at(tour, rate, seeds));
    if (tour.program.interrupted()) return;
    progress.update(static_cast<int>(all.size()));
  }
  progress.clear();
  print_predictions(rates, all);
  print("\n");
  print_explained(rates, all);
  print("\n");
  say("Each of the last two mixes is multiplied by the number that brings "
      "it nearest to the gradient over all those digits, and a number "
      "below 0 turns it around:");
  print("\n");
  print_multipliers(rates, all);
  tour.program.report("newest_gradient_worth",
                      format("%.3f", all[1][0].best[0]));
  tour.program.figure(
      tour.full() ? "full-memory.svg" : "memory.svg",
      prediction_figure(rates, all),
      "below 0, the gradient asks for part of a step to be taken back");
}

}  // namespace cnn
