// --make-reader: trains the reader that comes with the book.
// Book: book/17-handwriting.md
#pragma once

#include <filesystem>
#include <string>

#include "05-softmax/softmax.hpp"
#include "16-saving/measuring.hpp"
#include "16-saving/steps_files.hpp"
#include "16-saving/steps_train.hpp"
#include "17-handwriting/reader_training.hpp"
#include "common/data/files.hpp"
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline std::filesystem::path reader_path() {
  return Program::source_folder() / "chapters" / "17-handwriting" /
         "weights" / "reader.safetensors";
}

// "1982 of 2000, 99.10 % (95 % interval: 98.58 % to 99.43 %)"
inline std::string share_text(int right, int count) {
  const Interval interval = wilson_interval(right, count);
  return format("%d of %d, %s (95 %% interval: %s to %s)", right, count,
                percent(static_cast<double>(right) / count).c_str(),
                percent(interval.low).c_str(),
                percent(interval.high).c_str());
}

// The same as a row of a table, which begins with a name.
inline Strings share_row(const std::string& name, int right, int count) {
  const Interval interval = wilson_interval(right, count);
  return {name, format("%d of %d", right, count),
          percent(static_cast<double>(right) / count),
          format("%.2f to %.2f", 100 * interval.low, 100 * interval.high)};
}

// Prints a row of numbers after every tenth of the run, and shows progress
// between the rows. A row's training numbers are means since the last row.
class ReaderWatch {
 public:
  ReaderWatch(const Program& program, FastNetwork& network,
              const Split& digits, int epochs)
      : program_(program),
        network_(network),
        digits_(digits),
        epochs_(epochs),
        progress_("training", epochs, "epochs") {
    print("    %5s  %8s  %8s  %8s  %8s\n", "epoch", "loss", "right",
          "held-out", "held-out");
    print("    %5s  %8s  %8s  %8s  %8s\n", "", "", "", "loss", "right");
  }

  bool after_step(const TrainingStep& now) {
    loss_ += now.loss;
    right_ += now.accuracy;
    ++steps_;
    const int per_epoch = now.steps / epochs_;
    if (now.step % per_epoch == 0) {
      progress_.update(now.epoch, format("loss %.3f", loss_ / steps_));
      if (now.epoch * 10 / epochs_ != (now.epoch - 1) * 10 / epochs_)
        print_row(now.epoch);
    }
    return !program_.interrupted();
  }

 private:
  void print_row(int epoch) {
    const Tensor<> logits = evaluate(network_, digits_.held_out);
    const std::vector<int>& labels = digits_.held_out.labels;
    print("    %5d  %8.4f  %8s  %8.4f  %8s\n", epoch, loss_ / steps_,
          percent(right_ / steps_).c_str(),
          static_cast<double>(cross_entropy(logits, labels)),
          percent(accuracy(logits, labels)).c_str());
    loss_ = right_ = 0;
    steps_ = 0;
  }

  const Program& program_;
  FastNetwork& network_;
  const Split& digits_;
  int epochs_;
  double loss_ = 0, right_ = 0;
  int steps_ = 0;
  Progress progress_;
};

// The settings that the command line asks for.
inline AugmentedTraining reader_settings(const Program& program) {
  AugmentedTraining settings;
  settings.epochs = program.integer("epochs");
  settings.seed = program.seed();
  settings.smoothing = program.number("smoothing");
  return settings;
}

inline void make_reader(Program& program) {
  const AugmentedTraining settings = reader_settings(program);
  const int digits_wanted = program.integer("digits");
  const bool as_shipped = settings.epochs == AugmentedTraining{}.epochs &&
                          settings.seed == 1 && digits_wanted == 0 &&
                          settings.smoothing == 0 &&
                          !program.given("network");
  if (program.text("save").empty() && !as_shipped)
    throw UsageError(
        "expected --save FILE beside other settings than those of the "
        "reader that comes with the book");
  const std::filesystem::path path =
      program.text("save").empty()
          ? reader_path()
          : std::filesystem::path(program.text("save"));
  require_file(path, "--save ");
  if (program.given("save"))
    program.require_new(path);
  else
    program.require_with("save", {"overwrite"});
  Split digits = embedded_digits();
  if (digits_wanted > 0) digits.train = first(digits.train, digits_wanted);
  program.catch_interrupts();
  const NetworkPlan plan = chosen_plan(program, digits.train);
  FastNetwork network(layers_of(plan, settings.seed), plan.image,
                      {program.integer("threads"), "auto", true, true});
  say("Network: " + to_text(plan.architecture) + ".", "");
  print("Digits: %d to learn from, %d held out.\n\n", digits.train.size(),
        digits.held_out.size());
  ReaderWatch watch(program, network, digits, settings.epochs);
  train_reader(
      network, digits.train, settings,
      [&](const TrainingStep& now) { return watch.after_step(now); }, plan);
  if (program.interrupted()) return;
  save_network(path, file_of(network, plan, recipe_of(settings)));
  const int right = right_count(network, digits.held_out);
  print("\n");
  say("Held-out digits read right: " +
          share_text(right, digits.held_out.size()) + ".",
      "");
  print("Written: %s\n", shown(path).c_str());
  program.report(
      "held_out_accuracy",
      format("%.4f", static_cast<double>(right) / digits.held_out.size()));
}

inline int make_reader_program(int argc, char** argv) {
  Program program("17-handwriting --make-reader",
                  "Trains the reader that comes with the book on the 8,000 "
                  "digits to learn from, and writes its file.",
                  Program::Kind::tool);
  program.seeded();
  program.integer("epochs", AugmentedTraining{}.epochs, 1, 10000,
                  "times that every digit is seen");
  program.integer("digits", 0, 0, 8000,
                  "how many digits to train on; 0: all");
  program.text("network", to_text(reader_plan().architecture), "LAYERS",
               "the layers, first to last");
  program.number("smoothing", 0, 0, most_smoothing,
                 "how much of the target is spread evenly over all digits");
  program.integer("threads", 0, 0, 1024,
                  "threads; 0: one for each processor");
  program.writes(
      "save", "FILE",
      "where to write it (default: in place of the reader in the "
      "chapter's weights/)");
  program.flag("overwrite", "lets --save replace a FILE that is there");
  program.if_interrupted("interrupted, so nothing was written");
  return program.run(argc, argv, make_reader);
}

}  // namespace cnn
