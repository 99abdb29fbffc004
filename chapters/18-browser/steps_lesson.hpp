// Step 3: the training of the page, on the kernels that give the same bits
// everywhere. If the command line has options of a training, it is all that
// the program does.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <string>

#include "16-saving/steps_train.hpp"
#include "18-browser/lesson.hpp"
#include "common/data/files.hpp"
#include "common/shell/option.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

struct BrowserTour {
  Program& program;
  Split digits;
  NetworkPlan plan;
  Recipe recipe;
};

// ---- What the options say ----------------------------------------------

// All settings of the page, as options with the names of the verb train.
// Options that ask for one training, as on the page, instead of the tour.
inline const Strings lesson_options = {
    "network", "epochs", "batch",     "learning-rate", "momentum",
    "augment", "decay",  "smoothing", "steps"};

inline void set_up_lesson(Program& program) {
  program.text("network", to_text(digit_network), "LAYERS",
               "train these layers, first to last, instead of the tour; so "
               "do the next eight options");
  program.integer("epochs", 6, 1, 1000000,
                  "times that every digit is seen");
  program.integer("batch", 32, 1, 10000, "digits per step");
  program.number("learning-rate", 0.05, 1e-9, 1e30, "size of a step");
  program.number("momentum", 0.9, 0, 0.999,
                 "how much of the last step is carried into the next");
  set_up_remedies(program);
  program.integer("steps", 0, 0, 2147483647,
                  "the step to stop after; 0: the last");
  program.undrawn(lesson_options);
}

inline bool wants_the_lesson_only(const Program& program) {
  return std::any_of(
      lesson_options.begin(), lesson_options.end(),
      [&](const std::string& option) { return program.given(option); });
}

// Reads the digits and the options. Throws UsageError for a network that
// does not fit, for too many steps, or for options that exclude each other.
inline BrowserTour begin_browser_tour(Program& program) {
  if (program.flag("full") && wants_the_lesson_only(program))
    throw UsageError(
        "--full: expected no option of the training beside it");
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 160);
    digits.held_out = first(digits.held_out, 100);
  }
  Recipe recipe;
  recipe.isa = "portable";
  recipe.epochs = program.integer("epochs");
  recipe.batch = program.integer("batch");
  recipe.learning_rate = program.number("learning-rate");
  recipe.momentum = program.number("momentum");
  take_remedies(program, recipe);
  recipe.seed = program.seed();
  recipe.pictures = checksum_of(digits.train);
  NetworkPlan plan = chosen_plan(program, digits.train);
  const int all =
      training_steps(digits.train.size(), settings_of(recipe, 0));
  if (program.integer("steps") > all)
    throw UsageError("--steps " + std::to_string(program.integer("steps")) +
                     ": expected at most " + std::to_string(all) +
                     ", the steps of this run");
  print("Data: %s.\n", digits.source.c_str());
  return {program, std::move(digits), std::move(plan), std::move(recipe)};
}

// The same run for chapter 06's loop. It is only for the tour, which trains
// chapter 06's network.
inline Experiment experiment_of(const BrowserTour& tour) {
  return {.architecture = digit_network,
          .settings = settings_of(tour.recipe, 0),
          .momentum = tour.recipe.momentum};
}

// ---- The training ------------------------------------------------------

// Whether the page and the terminal are compared after the step just taken:
// after some early ones, the last of each epoch, and the last of all.
inline bool is_compared(const Lesson& lesson, int last) {
  const int step = lesson.now().step;
  return step == 1 || step == 10 || step == 40 || step == last ||
         step % lesson.steps_per_epoch() == 0;
}

inline void print_lesson_head() {
  print("    %6s  %5s  %8s  %9s  %16s\n", "step", "epoch", "loss",
        "held out", "checksum");
  print("    ------  -----  --------  ---------  ----------------\n");
}

// `loss` is the mean over the steps of the epoch so far.
inline void print_lesson_row(Lesson& lesson, double loss, double held_out) {
  const TrainingStep& now = lesson.now();
  print("    %6s  %5d  %8s  %9s  %16s\n", grouped(now.step).c_str(),
        now.epoch, format(loss < 1000 ? "%.4f" : "%.2g", loss).c_str(),
        percent(held_out).c_str(), lesson.checksum().c_str());
}

// Trains up to step `last`, and prints a row of the table after each step
// that is compared.
inline void show_lesson(BrowserTour& tour, Lesson& lesson, int last) {
  print_lesson_head();
  Progress progress("training", last, "steps");
  double held_out = 0, losses = 0;
  while (lesson.now().step < last && !tour.program.interrupted()) {
    const TrainingStep& now = lesson.step();
    const int of_epoch = (now.step - 1) % lesson.steps_per_epoch() + 1;
    losses = of_epoch == 1 ? now.loss : losses + now.loss;
    if (is_compared(lesson, last)) {
      held_out = accuracy(lesson.network(), tour.digits.held_out);
      print_lesson_row(lesson, losses / of_epoch, held_out);
    }
    progress.update(now.step, format("loss %.3f", now.loss));
  }
  progress.clear();
  if (tour.program.interrupted()) return;
  tour.program.report("held_out_accuracy", format("%.4f", held_out));
  tour.program.report("checksum", lesson.checksum());
}

// The training that the command line asks for.
inline void only_the_lesson(BrowserTour& tour) {
  Lesson lesson(tour.plan, tour.recipe, tour.digits.train);
  const int all = lesson.now().steps, asked = tour.program.integer("steps");
  const int last = asked > 0 ? asked : all;
  say("Network: " + to_text(tour.plan.architecture) + ".", "");
  print("Steps: %s of %s.\n\n", grouped(last).c_str(),
        grouped(all).c_str());
  show_lesson(tour, lesson, last);
}

// ---- 3. The training of the page ---------------------------------------

inline void the_lesson(BrowserTour& tour) {
  step("The training of the page");
  Lesson lesson(tour.plan, tour.recipe, tour.digits.train);
  say("Chapter 06's network, trained on the portable kernels: four lanes, "
      "every sum in a fixed order, no product and sum rounded together. "
      "The checksum is one number that is made from all " +
      grouped(parameter_count(lesson.network())) +
      " weights and biases. If a single bit of one of them changes, it is "
      "another number. Loss is the mean over the epoch's steps so far, and "
      "held out is the accuracy on the held-out digits.");
  print("\n");
  show_lesson(tour, lesson, lesson.now().steps);
  print("\n");
  if (tour.program.given("data") || tour.program.quick()) return;
  say("Open the page on your phone" +
      (tour.program.seed() == 1
           ? std::string(" and press Start")
           : ", set the seed to " + std::to_string(tour.program.seed()) +
                 " and press Start") +
      ". After each epoch, the page's checksum should be the one in the "
      "table.");
}

}  // namespace cnn
