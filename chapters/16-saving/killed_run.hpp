// A training run that is killed and goes on, and what it costs to have kept
// only a part of its state.
// Book: book/16-saving.md
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "06-training/experiments.hpp"
#include "07-speed/fast_training.hpp"
#include "16-saving/checkpoint.hpp"
#include "16-saving/going_on.hpp"
#include "16-saving/round_trips.hpp"

namespace cnn {

// What a run goes on with after it was killed, and how it ends.
struct Ending {
  std::string kept;
  std::vector<TrainingStep> steps;  // after the kill
  int numbers_changed = 0;          // parameters unlike the whole run's
  double held_out_loss = 0, held_out_accuracy = 0;
};

struct KilledRun {
  std::vector<TrainingStep> whole;  // of the run that was not killed
  int killed_at = 0;                // the last step before the kill
  int numbers = 0;                  // of the network
  std::vector<Ending> endings;      // the first: not killed
};

struct KilledRunSettings {
  Experiment experiment;
  int killed_after = 2;  // epochs
};

inline Ending ending_of(const std::string& kept, FastNetwork& network,
                        const TensorFile& whole, const NetworkPlan& plan,
                        const Dataset& held_out) {
  Ending end;
  end.kept = kept;
  for (const auto& [name, tensor] : file_of(network, plan).tensors)
    end.numbers_changed += count_changed(whole.tensors.at(name), tensor);
  const Tensor<> logits = evaluate(network, held_out);
  end.held_out_loss =
      static_cast<double>(cross_entropy(logits, held_out.labels));
  end.held_out_accuracy = accuracy(logits, held_out.labels);
  return end;
}

// Trains once without a break and keeps the bytes of a checkpoint on the
// way. The other runs are compared with this one.
class KilledRunTrial {
 public:
  KilledRunTrial(const KilledRunSettings& run, const Split& digits,
                 const AfterStep& after_step)
      : run_(run),
        digits_(digits),
        plan_(run.experiment.architecture, {1, 28, 28}),
        watched_([this, after_step](const TrainingStep& now) {
          stopped_ = after_step && !after_step(now);
          return !stopped_;
        }) {}

  KilledRunTrial(const KilledRunTrial&) = delete;  // watched_ holds `this`
  KilledRunTrial& operator=(const KilledRunTrial&) = delete;

  KilledRun whole_run() {
    const TrainingSettings& settings = run_.experiment.settings;
    FastNetwork network(plan_.architecture, plan_.image);
    start(network, run_.experiment);
    Sgd sgd(run_.experiment.momentum);
    KilledRun result;
    result.numbers = parameter_count(network);
    result.killed_at = training_steps(digits_.train.size(), settings) /
                       settings.epochs * run_.killed_after;
    result.whole = train_fast(network, sgd, digits_.train, settings,
                              [&](const TrainingStep& now) {
                                if (now.step == result.killed_at)
                                  bytes_ = checkpoint_bytes(
                                      network, sgd, plan_, run_.experiment,
                                      run_.killed_after);
                                return watched_(now);
                              });
    whole_ = file_of(network, plan_);
    end(result, "not killed", network, {});
    return result;
  }

  // Goes on from the checkpoint: see go_on().
  void resume(KilledRun& result, const char* kept, bool velocities,
              bool epochs_done) {
    if (stopped_) return;
    const Checkpoint from = value_or_fail(
        checkpoint_in(value_or_fail(parse_safetensors(bytes_of(bytes_)),
                                    "checkpoint")),
        "checkpoint");
    FastNetwork network(from.plan.architecture, from.plan.image);
    auto steps = go_on(from, network, velocities, epochs_done,
                       digits_.train, run_.experiment.settings, watched_);
    for (TrainingStep& now : steps)
      if (!epochs_done) now.step += result.killed_at;
    end(result, kept, network, std::move(steps));
  }

  void kill_every_epoch(KilledRun& result, const char* kept,
                        bool velocities, bool epochs_done) {
    if (stopped_) return;
    FastNetwork network(plan_.architecture, plan_.image);
    auto steps = killed_every_epoch(network, run_.experiment, velocities,
                                    epochs_done, digits_.train, watched_);
    end(result, kept, network, std::move(steps));
  }

  // The control: no kill, but a learning rate that never falls.
  void keep_the_rate(KilledRun& result) {
    if (stopped_) return;
    FastNetwork network(plan_.architecture, plan_.image);
    start(network, run_.experiment);
    Sgd sgd(run_.experiment.momentum);
    TrainingSettings settings = run_.experiment.settings;
    settings.schedule = constant_schedule;
    auto steps =
        train_fast(network, sgd, digits_.train, settings, watched_);
    end(result, "not killed, the rate constant", network, std::move(steps));
  }

 private:
  // Records how a run ended, unless it was stopped on the way.
  void end(KilledRun& result, const char* kept, FastNetwork& network,
           std::vector<TrainingStep> steps) {
    if (stopped_) return;
    result.endings.push_back(
        ending_of(kept, network, whole_, plan_, digits_.held_out));
    result.endings.back().steps = std::move(steps);
  }

  const KilledRunSettings& run_;
  const Split& digits_;
  NetworkPlan plan_;
  AfterStep watched_;
  bool stopped_ = false;
  std::string bytes_;  // of the checkpoint
  TensorFile whole_;   // of the run without a break
};

// All endings, that of the run without a break first. Calls `after_step`
// after every step. If it returns false, everything stops, and the endings
// that are still missing are left out.
inline KilledRun compute_killed_run(const KilledRunSettings& run,
                                    const Split& digits,
                                    const AfterStep& after_step = {}) {
  KilledRunTrial trial(run, digits, after_step);
  KilledRun result = trial.whole_run();
  trial.resume(result, "everything", true, true);
  trial.resume(result, "all but the velocities", false, true);
  trial.resume(result, "all but the epochs done", true, false);
  trial.resume(result, "the weights alone", false, false);
  trial.kill_every_epoch(result, "each epoch: the weights alone", false,
                         false);
  trial.kill_every_epoch(result, "each epoch: all but the epochs", true,
                         false);
  trial.kill_every_epoch(result, "each epoch: all but velocities", false,
                         true);
  trial.keep_the_rate(result);
  return result;
}

// The held-out losses of one ending, a number for each run.
inline std::vector<double> losses_of(const std::vector<KilledRun>& runs,
                                     std::size_t ending) {
  std::vector<double> losses;
  for (const KilledRun& run : runs)
    losses.push_back(run.endings.at(ending).held_out_loss);
  return losses;
}

// By how much an ending's loss is higher than that of the same run without
// a kill, on average, and in how many of the runs it is higher.
inline PairedMean more_loss(const std::vector<KilledRun>& runs,
                            std::size_t ending) {
  return paired_mean(losses_of(runs, ending), losses_of(runs, 0));
}

}  // namespace cnn
