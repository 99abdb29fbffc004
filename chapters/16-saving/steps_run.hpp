// A training run with its files: FILE.resume, written after every epoch,
// and FILE, written at the end.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "06-training/training_record.hpp"
#include "07-speed/fast_network.hpp"
#include "16-saving/resuming.hpp"
#include "16-saving/steps_files.hpp"
#include "common/data/dataset.hpp"
#include "common/shell/file.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Where a run's network goes, and where the run itself is kept until then.
struct RunFiles {
  std::string file, resume;

  explicit RunFiles(const std::string& name)
      : file(name), resume(name + ".resume") {}
};

// Trains from a checkpoint to the end of a run. Shows its progress, and
// after each epoch saves a checkpoint and prints a row of numbers.
class SavedRun {
 public:
  SavedRun(Program& program, RunFiles files, Checkpoint start,
           const Split& pictures)
      : program_(program),
        files_(std::move(files)),
        at_(std::move(start)),
        pictures_(pictures),
        network_(
            layers_of(at_.plan, at_.recipe.seed), at_.plan.image,
            {.threads = program.integer("threads"), .isa = at_.recipe.isa}),
        progress_("training", images_to_see(), "images"),
        begun_(images() * at_.epochs_done) {}

  // Begins by saving the checkpoint that it starts from, so that a file
  // that cannot be written is refused before anything is learned.
  void train() {
    say_how_to_resume();
    save_network(files_.resume, file_of(at_));
    print_head();
    train_from(
        at_, network_, pictures_.train, files_.resume,
        [this](const TrainingStep& now) { return after_step(now); },
        [this](const auto& history) { after_epoch(history); });
    progress_.clear();
    if (at_.epochs_done == at_.recipe.epochs) finish();
  }

  int epochs_done() const { return at_.epochs_done; }

 private:
  int images() const { return pictures_.train.size(); }
  int epochs_left() const { return at_.recipe.epochs - at_.epochs_done; }
  // Throws UsageError if an int cannot count the images of all epochs.
  int images_to_see() const {
    const int most = std::numeric_limits<int>::max() / images();
    if (at_.recipe.epochs > most)
      throw UsageError("--epochs: expected at most " +
                       std::to_string(most) + " with " +
                       counted_text(images(), "picture") + ", got " +
                       std::to_string(at_.recipe.epochs));
    return images() * epochs_left();
  }

  void say_how_to_resume() {
    program_.if_interrupted(
        format("interrupted after epoch %d of %d: './tutorial train "
               "--resume %s' goes on from there",
               at_.epochs_done, at_.recipe.epochs, files_.file.c_str()));
  }

  bool after_step(const TrainingStep& now) {
    const int seen =
        static_cast<int>(std::min(std::int64_t{now.step} * at_.recipe.batch,
                                  std::int64_t{images()} * now.epoch));
    progress_.update(seen - begun_, format("loss %.2f, %.0f %% right",
                                           now.loss, 100 * now.accuracy));
    return !program_.interrupted();
  }

  static void print_head() {
    print("%5s  %8s  %8s  %8s  %17s\n", "epoch", "rate", "loss", "accuracy",
          "held-out accuracy");
  }

  void after_epoch(const std::vector<TrainingStep>& history) {
    if (epochs_left() > 0) save_network(files_.resume, file_of(at_));
    say_how_to_resume();
    const TrainingStep& now = history.back();
    accuracy_ = accuracy(network_, pictures_.held_out);
    print(
        "%5d  %8.4f  %8.4f  %8s  %17s\n", now.epoch, now.learning_rate,
        mean_of_epoch(history, now.epoch, &TrainingStep::loss),
        percent(mean_of_epoch(history, now.epoch, &TrainingStep::accuracy))
            .c_str(),
        percent(accuracy_).c_str());
  }

  void finish() {
    auto metadata = recipe_text(at_.recipe);
    if (!pictures_.names.empty())
      metadata["classes"] = class_names_text(pictures_.names);
    const TensorFile file = file_of(network_, at_.plan, metadata);
    int numbers = 0;
    for (const auto& [name, tensor] : file.tensors)
      numbers += tensor.size();
    save_network(files_.file, file);
    std::filesystem::remove(files_.resume);
    program_.if_interrupted("interrupted when " + files_.file +
                            " was whole already");
    program_.report("held_out_accuracy", format("%.4f", accuracy_));
    const std::string data =
        at_.recipe.data == "embedded" ? "" : " --data " + at_.recipe.data;
    print(
        "%s holds the network, %s numbers. Next: ./tutorial measure %s%s\n",
        files_.file.c_str(), grouped(numbers).c_str(), files_.file.c_str(),
        data.c_str());
  }

  Program& program_;
  RunFiles files_;
  Checkpoint at_;
  const Split& pictures_;
  FastNetwork network_;
  Progress progress_;
  int begun_;  // images seen before this start
  double accuracy_ = 0;
};

}  // namespace cnn
