// Steps 5 and 6: a published optimizer that forgets, its curve of step
// against gradient, and how well it does.
// Book: book/11-optimizers.md
#pragma once

#include <string>
#include <vector>

#include "11-optimizers/predictor.hpp"
#include "11-optimizers/steps_tour.hpp"

namespace cnn {

inline void transfer_curves(OptimizerTour& tour) {
  step("What a published Adam really was");
  say("The step that a gradient comes to, with learning rate 0.01: of SGD; "
      "of Adam, after 1000 equal gradients; of a published Adam, which "
      "sets its memory to zero at every step; and half of the sign.");
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
  tour.program.figure(tour.file("transfer.svg"), transfer_figure(curves),
                      "the published one bends where 0.01 g^2 is 1e-7: at "
                      "a gradient of 0.0032");
  print("\n");
  say("The memory test, with learning rate 0.1:");
  print("\n");
  rows = {{"optimizer", "after 1, 1", "after 1, -1"}};
  for (const MemoryTest& it : compute_memory_tests(
           {named<Adam>("Adam"),
            named<ResetCorrectedAdam>("the same, reset at every step"),
            named<ResetAdam>("published"), named<SignSgd>("sign")},
           0.1))
    rows.push_back(
        {it.name, format("%.4f", it.equal), format("%.4f", it.opposite)});
  print_table(rows);
}

// One optimizer with its rate.
struct RatedOptimizer {
  NamedOptimizer optimizer;
  double rate;
};

inline std::vector<RatedOptimizer> published_and_others(bool full) {
  AdamSettings same;  // the published betas
  same.beta1 = 0.95;
  same.beta2 = 0.99;
  AdamSettings bare;
  bare.corrected = false;
  std::vector<RatedOptimizer> all = {
      {named<ResetAdam>("published"), 0.01},
      {named<SignSgd>("sign"), 0.005},
      {named<Adam>("Adam, same betas", same), 0.01},
      {named<Adam>("Adam", AdamSettings{}), 0.001}};
  if (!full) return all;
  all.push_back({named<Adam>("Adam, not corrected", bare), 0.001});
  all.push_back({named<Adam>("Adam", AdamSettings{}), 0.003});
  all.push_back({named<Adam>("Adam, not corrected", bare), 0.003});
  return all;
}

inline void it_does_well(OptimizerTour& tour) {
  print("\n");
  const int seeds = tour.seeds(6);
  say("And how well does it learn? Two epochs at a constant rate. " +
      seeds_text(tour, seeds) + ".");
  print("\n");
  Rows rows = {
      {"optimizer", "rate", "held-out accuracy", "loss of the last steps"}};
  for (const RatedOptimizer& it : published_and_others(tour.full())) {
    Experiment experiment = tour.experiment;
    experiment.settings.schedule = constant_schedule;
    experiment.settings.learning_rate = it.rate;
    const RunEnds ends = compute_runs(tour.digits, experiment, it.optimizer,
                                      seeds, tour.go_on());
    if (tour.program.interrupted()) return;
    rows.push_back({it.optimizer.name, tick_text(it.rate),
                    mean_text(seed_mean(ends.accuracies), seeds),
                    format("%.3f", seed_mean(ends.last_losses).mean)});
  }
  print_table(rows);
}

inline void published_optimizer(OptimizerTour& tour) {
  transfer_curves(tour);
  it_does_well(tour);
}

// ---- Which memory the digits want --------------------------------------

inline void print_prediction(const Prediction& it) {
  Rows rows = {{"steps ago", "least squares", "0.9 to the k, scaled"}};
  for (std::size_t k = 0; k < it.best.size(); ++k)
    rows.push_back({std::to_string(k), format("%.3f", it.best[k]),
                    format("%.3f", it.momentum[k])});
  print_table(rows);
  print("\n");
  say(
      format("They explain %.1f %% and %.1f %% of the full gradients' "
             "squares; the newest gradient alone, at its best length, "
             "%.1f %%.",
             100 * it.best_explains, 100 * it.momentum_explains,
             100 * it.newest_explains));
}

inline void memory_that_digits_want(OptimizerTour& tour) {
  step("Which memory do the digits want?");
  Experiment experiment = tour.experiment;
  experiment.settings.learning_rate = 0.1;
  PredictorSettings settings;
  if (tour.program.quick()) {
    settings.first_step = settings.past = 3;
    settings.every = 1;
  }
  const int many = std::min(tour.digits.train.size(), 1000);
  say(
      format("While SGD learns at a constant rate of 0.1, we ask at every "
             "%dth step for the gradient over %d digits, and by least "
             "squares for the mix of the last %d gradients, each over 32 "
             "digits, that comes nearest to it. All weights share one mix. "
             "One seed, %d.",
             settings.every, many, settings.past,
             static_cast<int>(tour.program.seed())));
  print("\n");
  const Prediction prediction =
      compute_prediction(tour.digits.train, first(tour.digits.train, many),
                         experiment, settings, tour.go_on());
  if (tour.program.interrupted()) return;
  print_prediction(prediction);
  tour.program.report("memory_explains",
                      format("%.3f", prediction.best_explains));
  tour.program.figure(tour.file("memory.svg"),
                      prediction_figure(prediction),
                      "dots: what the digits want; line: momentum");
}

}  // namespace cnn
