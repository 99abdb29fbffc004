// A training run that can be watched: the live line with the time left, a
// row of numbers after each epoch, a way to stop.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "06-training/network.hpp"
#include "06-training/training.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// What was measured at the end of an epoch.
struct EpochRecord {
  int step = 0;
  double seconds = 0.0;
  double loss = 0.0, accuracy = 0.0;  // means over the epoch's batches
  double held_out_loss = 0.0, held_out_accuracy = 0.0;
};

// What a run leaves behind for everything that comes after it.
struct Trained {
  Network<> network;
  Tensor<> first_filters;
  std::vector<TrainingStep> history;
  std::vector<EpochRecord> epochs;
};

// The mean over one epoch of a number that each step has.
inline double mean_of_epoch(const std::vector<TrainingStep>& history,
                            int epoch, double TrainingStep::*number) {
  double sum = 0;
  int count = 0;
  for (const TrainingStep& now : history)
    if (now.epoch == epoch) {
      sum += now.*number;
      ++count;
    }
  return sum / std::max(count, 1);
}

// Watches one run: the live line, the table of epochs, Ctrl-C.
class Watcher {
 public:
  Watcher(Program& program, const Split& digits, Trained& run)
      : program_(program),
        digits_(digits),
        run_(run),
        progress_("training",
                  digits.train.size() * program.integer("epochs"),
                  "images") {}

  bool operator()(const TrainingStep& now) {
    run_.history.push_back(now);
    if (now.step == 1) print_head(now.loss);
    const int images = std::min(now.step * program_.integer("batch"),
                                digits_.train.size() * now.epoch);
    progress_.update(images, format("loss %.2f, %.0f %% right", now.loss,
                                    100 * now.accuracy));
    const bool go_on = !program_.interrupted();
    const int per_epoch = now.steps / program_.integer("epochs");
    if (now.step % per_epoch == 0 || !go_on) end_of_epoch(now);
    return go_on;
  }

 private:
  static void print_head(double first_loss) {
    print(
        "    The first loss: %.3f. A network that knows nothing and says "
        "so has\n    ln 10 = 2.303.\n\n",
        first_loss);
    print("    %5s  %8s  %8s  %8s  %8s  %8s\n", "epoch", "rate", "loss",
          "accuracy", "held-out", "held-out");
    print("    %5s  %8s  %8s  %8s  %8s  %8s\n", "", "", "", "", "loss",
          "accuracy");
  }

  void end_of_epoch(const TrainingStep& now) {
    const Tensor<> logits = evaluate(run_.network, digits_.held_out);
    EpochRecord record;
    record.step = now.step;
    record.seconds = std::chrono::duration<double>(
                         std::chrono::steady_clock::now() - start_)
                         .count();
    record.loss =
        mean_of_epoch(run_.history, now.epoch, &TrainingStep::loss);
    record.accuracy =
        mean_of_epoch(run_.history, now.epoch, &TrainingStep::accuracy);
    record.held_out_loss =
        static_cast<double>(cross_entropy(logits, digits_.held_out.labels));
    record.held_out_accuracy = accuracy(logits, digits_.held_out.labels);
    run_.epochs.push_back(record);
    print("    %5d  %8.4f  %8.4f  %8s  %8.4f  %8s\n", now.epoch,
          now.learning_rate, record.loss, percent(record.accuracy).c_str(),
          record.held_out_loss, percent(record.held_out_accuracy).c_str());
  }

  Program& program_;
  const Split& digits_;
  Trained& run_;
  Progress progress_;
  std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
};

}  // namespace cnn
