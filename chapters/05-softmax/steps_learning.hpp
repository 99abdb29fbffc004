// Steps 6 and 7: one dense layer learns to read digits, and what it has
// learned can be looked at.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "05-softmax/figures.hpp"
#include "05-softmax/linear_classifier.hpp"
#include "05-softmax/steps_scores.hpp"
#include "05-softmax/templates.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// ---- 6. Learning -------------------------------------------------------

inline LinearSettings chosen_settings(const Program& program) {
  LinearSettings settings;
  settings.epochs = program.integer("epochs");
  settings.batch = program.integer("batch");
  settings.learning_rate = program.number("learning-rate");
  settings.seed = program.seed();
  return settings;
}

inline void announce_learning(const Split& digits,
                              const LinearSettings& settings) {
  const int pixels = digits.train.images.size() / digits.train.size();
  paragraph(format(
      "One dense layer: every class has a weight for each of the %d pixels "
      "and a bias, and its score is the sum of weight times pixel, plus "
      "the bias. That is %d numbers, and all begin at 0. A step takes %s, "
      "computes scores, loss and gradient, and goes %g times the gradient "
      "downhill. An epoch is once through all %d training digits, in a new "
      "order each time. The %d held-out digits are never trained on; they "
      "are the exam.",
      pixels, digits.train.classes * (pixels + 1),
      counted_text(std::min(settings.batch, digits.train.size()), "digit")
          .c_str(),
      settings.learning_rate, digits.train.size(), digits.held_out.size()));
}

// One line of the table, printed as soon as its epoch is over.
inline void print_epoch(const EpochEnd& now) {
  if (now.epoch == 1)
    print("    epoch   training loss   held-out loss   held-out right\n");
  print("    %5d %15.3f %15.3f %16s\n", now.epoch, now.training_loss,
        now.held_out_loss, percent(now.held_out_accuracy, 1).c_str());
}

inline Learned learn_with_progress(const Split& digits,
                                   const LinearSettings& settings) {
  Progress progress("learning", steps_of(digits.train, settings), "steps");
  return learn_and_record(
      digits, settings,
      [&](const LinearStep& now) {
        progress.update(now.step, format("loss %.3f", now.loss));
      },
      print_epoch);
}

inline Learned learn_to_read(Program& program, const Split& digits) {
  step("The first thing that learns");
  const LinearSettings settings = chosen_settings(program);
  announce_learning(digits, settings);
  const Learned learned = learn_with_progress(digits, settings);
  const LearningRecord& record = learned.record;
  const double share =
      accuracy(scores(learned.classifier, digits.held_out.images),
               digits.held_out.labels);
  print("\n");
  paragraph(format(
      "The first batch's loss was %.3f; ln 10 is %.3f. At the end %s of "
      "the held-out digits are read right; guessing would get %g %%.",
      record.loss.front(), static_cast<double>(std::log(10.0f)),
      percent(share, 1).c_str(), 100.0 / digits.train.classes));
  paragraph(
      "Each training loss is a mean over its epoch, while the layer was "
      "still learning, and each held-out loss is taken at the end. So in "
      "the first lines the training loss may be the larger one.");
  program.report("held_out_accuracy", format("%.4f", share));
  program.report("held_out_loss",
                 format("%.4f", record.held_out_loss.back()));
  program.report("first_loss", format("%.4f", record.loss.front()));
  program.figure("loss.svg", loss_figure(record),
                 falls_at_first(record.loss)
                     ? "it starts at ln 10; most of the fall is in the "
                       "first hundred steps"
                     : "it starts at ln 10");
  return learned;
}

// ---- 7. Templates ------------------------------------------------------

// Explains why all weights may begin at 0, and compares the first step with
// one that is computed that way.
inline void explain_zeros(const Program& program, const Dataset& train,
                          const Tensor<>& after_first_step) {
  const float difference = max_abs_difference(
      after_first_step, first_templates(train, chosen_settings(program)));
  print("\n");
  paragraph(
      "Why may all weights begin at 0? Because the labels tell the classes "
      "apart in the first step. Every probability is then 0.1, so p - y is "
      "-0.9 for a digit's own class and 0.1 for the others: each digit "
      "adds nine tenths of its ink to its own template and takes a tenth "
      "from every other one, times a small factor. Computed that way, the "
      "first step's templates differ from the program's by at most " +
      format("%.0e.", static_cast<double>(difference)));
}

inline void what_it_has_learned(Program& program, const Split& digits,
                                const Learned& learned) {
  const int H = digits.train.images.extent(2);
  const int W = digits.train.images.extent(3);
  const Tensor<>& weight = learned.classifier.weight;
  step("What it has learned");
  const Tensor<> means = block_means(template_of(weight, 0, H, W), 4);
  const bool hole = has_hole(means);
  paragraph(
      "A class's weights have the shape of a digit, so they can be looked "
      "at as a picture, the class's template. Ink where a template is "
      "positive speaks for the class, ink where it is negative speaks "
      "against it. The template of 0, as means of 4 x 4 pixels" +
      std::string(hole ? "; the hole of the 0 is the negative middle:"
                       : ":"));
  print_matrix(means, 2);
  print("\n");
  program.figure("templates.png", templates_figure(weight, H, W),
                 hole ? "0 has a blue hole; most are harder to name, "
                        "because they show what tells a digit from the rest"
                      : "they show what tells a digit from the rest");
  explain_zeros(program, digits.train,
                learned.record.weights.front().second);
  program.figure("templates-growing.png",
                 growth_figure(learned.record, H, W),
                 "after one step some are blurred digits, others are not; "
                 "later only what tells them apart is left");
}

}  // namespace cnn
