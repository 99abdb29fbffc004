// Steps 3 to 5: the main run, what came of it, and what is inside.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <string>

#include "06-training/baselines.hpp"
#include "06-training/figures.hpp"
#include "06-training/inside.hpp"
#include "06-training/live.hpp"
#include "06-training/scoring.hpp"
#include "06-training/steps_options.hpp"
#include "common/data/story.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- 3. The main run ---------------------------------------------------

inline Trained main_run(const Program& program, const Split& digits,
                        StoryTeller& story) {
  step("The loop, on " + counted_text(digits.train.size(), "digit"));
  say("One step: take the next few digits (a batch), send them forward, "
      "compute the loss, send the gradient of the loss backward, and move "
      "every parameter a little against its gradient. An epoch is once "
      "through all the digits, in a new order each time. By default there "
      "are two refinements: momentum, by which a step keeps most of the "
      "one before it, and a learning rate that begins small, rises, and "
      "then falls to 0 along half a wave of the cosine. Step 6 finds out "
      "what they are worth. The random weights of the last layer are "
      "divided by 10, so that the first scores are nearly equal.");
  print("\n");
  say("Each row of the table below is an epoch. The rate is that of the "
      "epoch's last step. The loss and the accuracy on the left are means "
      "over all batches, each measured before the step that it leads to; "
      "those on the right are measured on the held-out digits when the "
      "epoch is over.");
  print("\n");
  const Experiment experiment = chosen_experiment(program);
  print(
      "    Settings: learning rate %g, momentum %g, batches of %d, epochs: "
      "%d.\n",
      experiment.settings.learning_rate, experiment.momentum,
      std::min(experiment.settings.batch, digits.train.size()),
      experiment.settings.epochs);
  Watcher watcher(program, experiment, digits.train.size());
  TrainingWatch watch = watcher.watch();
  watch.look_inside = [&](const TrainingStep& now, Layer<>& network) {
    story.look(now, network);
  };
  return compute_training(experiment, digits, watch);
}

// ---- 4. What came of it ------------------------------------------------

inline void draw_curves(Program& program, const Trained& run) {
  for (const bool loss : {true, false}) {
    const std::string file = loss ? "loss" : "accuracy";
    program.figure(
        file + ".svg",
        training_curves(run.history, run.epochs, loss, Axis::steps),
        loss ? "each gridline stands for ten times the loss of the one "
               "below; where the held-out loss levels off while the other "
               "goes on falling, learning has mostly become remembering"
        : half_at_once(run.epochs)
            ? "most of it is learned in the first epoch"
            : "when is most of it learned?");
    program.timed_figure(
        file + "-over-seconds.svg",
        training_curves(run.history, run.epochs, loss, Axis::seconds),
        "the same over this machine's seconds, which differ from run to "
        "run, so this figure is not kept");
  }
}

inline void print_recall(const Scores& scores) {
  Rows rows = {{"digit"}, {"recall"}};
  for (std::size_t k = 0; k < scores.recall.size(); ++k) {
    rows[0].push_back(std::to_string(k));
    rows[1].push_back(images_of(scores.confusion, static_cast<int>(k)) > 0
                          ? format("%.1f", 100 * scores.recall[k])
                          : "-");
  }
  print("    The share of each digit that is recognised, in percent:\n\n");
  print_table(rows);
}

inline void right_and_wrong(Program& program, const Split& digits,
                            Trained& run, const Baselines& baselines) {
  step("What it gets right, and what it takes for what");
  const Scores scores = compute_scores(
      evaluate(run.network, digits.held_out), digits.held_out);
  print("    Right: %d of %d held-out digits, %s.\n", scores.right,
        scores.images, percent(scores.accuracy).c_str());
  program.report("held_out_accuracy", format("%.4f", scores.accuracy));
  program.report("chance_accuracy", format("%.4f", baselines.commonest));
  program.report("mean_image_accuracy",
                 format("%.4f", baselines.mean_image));
  program.report("linear_accuracy", format("%.4f", baselines.linear));
  print_recall(scores);
  draw_curves(program, run);
  program.figure("confusion.svg", confusion_figure(scores.confusion),
                 "off the diagonal: which digits are taken for which");
  program.figure(
      "recall.svg", recall_figure(scores.confusion),
      "which digits are hardest: the taller the bar, the more are missed");
  program.figure(
      "mistakes.png", mistakes_figure(digits.held_out, scores.mistakes, 25),
      scores.mistakes.empty() ? "there is none"
                              : "the wrong answers that the network was "
                                "surest of; some would fool a person");
}

// ---- 5. What is inside -------------------------------------------------

inline void learned_to_look_for(Program& program, const Split& digits,
                                Trained& run) {
  step("What it has learned to look for");
  say("The eight kernels of the first layer began as random numbers.");
  print("\n");
  const Tensor<>& after = run.network.parameters().front()->value;
  const WeightChange change = compute_change(run.first_filters, after);
  say(
      format("Training moved their weights by at most %.2f; the largest, "
             "apart from its sign, is now %.2f.",
             change.moved, change.after));
  program.figure("filters.png", filters_figure(run.first_filters, after),
                 change.is_visible() ? "before: noise; after: in some, "
                                       "weights of one sign have gathered"
                                     : "before: noise; after: much the "
                                       "same, as no weight has moved far");
  const DigitAnswer answer =
      compute_answer(run.network, digits.held_out, shown_digit);
  print(
      "    A held-out %d goes in; the probability of each digit comes "
      "out:\n\n",
      shown_digit);
  Rows rows = {{"digit"}, {"%"}};
  for (int k = 0; k < answer.probabilities.extent(1); ++k) {
    rows[0].push_back(std::to_string(k));
    rows[1].push_back(format(
        "%.2f", 100 * static_cast<double>(answer.probabilities(0, k))));
  }
  print_table(rows);
  program.figure("feature-maps.png",
                 feature_maps_figure(run.network, answer.image),
                 "where each filter answers, layer by layer: the maps "
                 "become smaller and mean more");
}

// ---- 9. One digit's story ----------------------------------------------

// The network's answers to one digit now and then during the main run.
inline StoryTeller one_digit(const Split& digits) {
  const int n = std::min(story_digit, digits.held_out.size() - 1);
  return {picture_of(digits.held_out.images, n), {25, 50, 100, 250}};
}

inline void one_digits_answers(Program& program, const Split& digits,
                               const StoryTeller& story) {
  const int n = std::min(story_digit, digits.held_out.size() - 1);
  step("One digit's story");
  say(
      format("Held-out digit number %d, counted from 0, is a %d, and the "
             "network never learns from it. Here is what the network said "
             "about it during the main run, in percent:",
             n, digits.held_out.labels[static_cast<std::size_t>(n)]));
  print("\n");
  Rows rows = {{"after step"}};
  for (int k = 0; k < digits.held_out.classes; ++k)
    rows[0].push_back(std::to_string(k));
  for (const StoryAnswer& it : story.answers()) {
    rows.push_back({std::to_string(it.step)});
    for (const float p : it.probabilities.data())
      rows.back().push_back(format("%.1f", 100 * static_cast<double>(p)));
  }
  print_table(rows);
  program.figure(
      "story.png",
      story_figure(picture_of(digits.held_out.images, n), story.answers()),
      "from row to row: how the answer to one digit changed");
}

}  // namespace cnn
