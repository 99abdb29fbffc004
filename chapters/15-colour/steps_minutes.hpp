// --minutes M: the network and the recipe for so many minutes of two cores.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include "15-colour/minutes.hpp"
#include "15-colour/steps_tour.hpp"

namespace cnn {

inline Strings minutes_choices() {
  Strings all = {"none"};
  for (const MinutesPlan& it : minutes_plans())
    all.push_back(std::to_string(it.minutes));
  return all;
}

inline void learn_for_minutes(Program& program) {
  const ColourPictures pictures = load_colours(program);
  const Split& split = pictures.split;
  const ColourRecipe recipe = recipe_for_minutes(
      std::stoi(program.choice("minutes")), split.train.size(),
      pictures.upright, program.seed());
  program.catch_interrupts();
  print_skipped(pictures.skipped);
  say(split.source + ". " + widths_text(recipe.widths) +
      format(
          ", epochs: %d, batches of %d, %.1f million million operations.",
          recipe.epochs, recipe.batch,
          work_of(recipe, split.train.size(), split.train.shape()[2],
                  split.train.classes) /
              1e12));
  const auto start = std::chrono::steady_clock::now();
  const auto network = started_colours(recipe, split.train);
  Progress progress("training", split.train.size() * recipe.epochs,
                    "pictures");
  train_colours(
      *network, recipe, split.train, [&](const TrainingStep& now) {
        progress.update(std::min(now.step * recipe.batch,
                                 split.train.size() * now.epoch),
                        format("epoch %d, loss %.2f, %.0f %% right",
                               now.epoch, now.loss, 100 * now.accuracy));
        return !program.interrupted();
      });
  if (program.interrupted()) return;
  const double seconds = std::chrono::duration<double>(
                             std::chrono::steady_clock::now() - start)
                             .count();
  progress.clear();
  const double once = accuracy(*network, split.held_out),
               over_views = accuracy_over_views(*network, split.held_out,
                                                recipe.changes.views);
  print("\n");
  say(
      format("Right: %s of %d pictures that it never saw; with the mean "
             "over %d views of each: %s.",
             percent(once).c_str(), split.held_out.size(),
             recipe.changes.views, percent(over_views).c_str()));
  program.report("accuracy", format("%.4f", over_views));
  program.report("accuracy_of_one_view", format("%.4f", once));
  program.report("seconds", format("%.1f", seconds));
}

}  // namespace cnn
