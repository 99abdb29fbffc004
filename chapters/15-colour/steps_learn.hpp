// Steps 5 and 6: the training, epoch by epoch, and its results.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "06-training/training_record.hpp"
#include "15-colour/steps_tour.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// Trains an initialized network and measures it after each epoch.
inline std::vector<EpochRecord> train_watched(
    FastNetwork& network, const ColourRecipe& recipe, const Split& split,
    const AfterStep& after_step,
    const std::function<void(const EpochRecord&)>& after_epoch) {
  std::vector<TrainingStep> history;
  std::vector<EpochRecord> epochs;
  train_colours(network, recipe, split.train, [&](const TrainingStep& now) {
    history.push_back(now);
    const bool go_on = after_step(now);
    if (now.step % (now.steps / recipe.epochs) == 0) {
      EpochRecord record;
      record.epoch = now.epoch;
      record.step = now.step;
      record.learning_rate = now.learning_rate;
      record.loss = mean_of_epoch(history, now.epoch, &TrainingStep::loss);
      record.accuracy =
          mean_of_epoch(history, now.epoch, &TrainingStep::accuracy);
      record.held_out_accuracy = accuracy(network, split.held_out);
      epochs.push_back(record);
      after_epoch(record);
    }
    return go_on;
  });
  return epochs;
}

inline void learn_colours(ColourTour& tour) {
  step("Training");
  const ColourRecipe& it = tour.recipe;
  say(format(
      "Batches of %d. Muon moves the filters, at a rate that falls from "
      "%.3f to 0 in a straight line. Each epoch shows every picture in the "
      "next of its %d views, shifted by up to %d pixels. Label smoothing "
      "%.1f. The table has the rate of each epoch's last step; loss and "
      "accuracy are means over the epoch.",
      it.batch, filter_rate(it), it.changes.views, it.changes.shift,
      it.smoothing));
  print("\n    %5s  %8s  %8s  %8s  %8s\n", "epoch", "rate", "loss",
        "accuracy", "held-out");
  print("    %5s  %8s  %8s  %8s  %8s\n", "", "", "", "", "accuracy");
  const int pictures = tour.split().train.size();
  Progress progress("training", pictures * it.epochs, "pictures");
  const auto epochs = train_watched(
      *tour.network, it, tour.split(),
      [&](const TrainingStep& now) {
        progress.update(std::min(now.step * it.batch, pictures * now.epoch),
                        format("loss %.2f, %.0f %% right", now.loss,
                               100 * now.accuracy));
        return !tour.program.interrupted();
      },
      [](const EpochRecord& now) {
        print("    %5d  %8.4f  %8.4f  %8s  %8s\n", now.epoch,
              now.learning_rate, now.loss, percent(now.accuracy, 1).c_str(),
              percent(now.held_out_accuracy, 1).c_str());
      });
  if (tour.program.interrupted()) return;
  tour.program.figure(
      "training.svg", colour_curves(epochs, tour.simple.linear),
      "how early have both lines left the linear model behind?");
}

inline void right_and_wrong_colours(ColourTour& tour) {
  step("What it gets right, and what it takes for what");
  const Dataset& held_out = tour.split().held_out;
  tour.scores = compute_scores(
      mean_over_views(*tour.network, held_out.images, 1), held_out);
  const double over_views =
      accuracy_over_views(*tour.network, held_out, tour.views());
  say(
      format("Right: %s of %s held-out pictures, %s. With the mean of the "
             "scores for %d views of each: %s.",
             grouped(tour.scores.right).c_str(),
             grouped(tour.scores.images).c_str(),
             percent(tour.scores.accuracy, 1).c_str(), tour.views(),
             percent(over_views, 1).c_str()));
  tour.program.report("held_out_accuracy",
                      format("%.4f", tour.scores.accuracy));
  tour.program.report("over_views_accuracy", format("%.4f", over_views));
  print("\n");
  say("For each class: the share that is recognised, and the most frequent "
      "wrong answer, or the first of several equally frequent ones. In "
      "brackets, the number of pictures:");
  print("\n");
  Rows rows = {{"class", "recognised (%)", "most often taken for"}};
  const Tensor<>& confusion = tour.scores.confusion;
  for (int k = 0; k < confusion.extent(0); ++k) {
    int other = -1;
    for (int c = 0; c < confusion.extent(1); ++c)
      if (c != k && confusion(k, c) > 0 &&
          (other < 0 || confusion(k, c) > confusion(k, other)))
        other = c;
    rows.push_back(
        {tour.pictures.name(k),
         format("%.1f",
                100 * tour.scores.recall[static_cast<std::size_t>(k)]),
         other < 0 ? "-"
                   : format("%s (%.0f)", tour.pictures.name(other).c_str(),
                            static_cast<double>(confusion(k, other)))});
  }
  print_table(rows);
  tour.program.figure(
      "confusion.svg", confusion_figure(confusion, tour.split().names),
      std::string("off the diagonal: which ") +
          (tour.pictures.upright ? "classes" : "kinds of land") +
          " are alike?");
  tour.program.figure("mistakes.png",
                      mistakes_figure(held_out, tour.scores.mistakes, 15,
                                      tour.split().names),
                      "the wrong answers that the network was surest of: "
                      "would you have known better?");
}

}  // namespace cnn
