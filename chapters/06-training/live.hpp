// A training run that can be watched: the live line with the time left, a
// row of numbers after each epoch, a way to stop.
// Book: book/06-training.md
#pragma once

#include <algorithm>

#include "06-training/training_record.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Watches one run: the live line, the table of epochs, Ctrl-C.
class Watcher {
 public:
  Watcher(const Program& program, const Experiment& experiment, int images)
      : program_(program),
        batch_(experiment.settings.batch),
        images_(images),
        progress_("training", images * experiment.settings.epochs,
                  "images") {}

  TrainingWatch watch() {
    return {[this](const TrainingStep& now) { return after_step(now); },
            [this](const EpochRecord& now) { after_epoch(now); },
            {}};
  }

 private:
  bool after_step(const TrainingStep& now) {
    if (now.step == 1) print_head(now.loss);
    progress_.update(
        std::min(now.step * batch_, images_ * now.epoch),
        format("loss %.2f, %.0f %% right", now.loss, 100 * now.accuracy));
    return !program_.interrupted();
  }

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

  // An epoch that was stopped gets a row, too, and a line that says so.
  void after_epoch(const EpochRecord& now) const {
    print("    %5d  %8.4f  %8.4f  %8s  %8.4f  %8s\n", now.epoch,
          now.learning_rate, now.loss, percent(now.accuracy).c_str(),
          now.held_out_loss, percent(now.held_out_accuracy).c_str());
    const int per_epoch = (images_ - 1) / batch_ + 1;
    const int steps = now.step - per_epoch * (now.epoch - 1);
    if (steps < per_epoch)
      print("    (Epoch %d was stopped after %d of its %d steps.)\n",
            now.epoch, steps, per_epoch);
  }

  const Program& program_;
  int batch_, images_;
  Progress progress_;
};

}  // namespace cnn
