// --full: what each part of the recipe is worth, over several seeds.
// Book: book/15-colour.md
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "06-training/choices.hpp"
#include "15-colour/steps_tour.hpp"

namespace cnn {

// Rates of Nesterov's steps for the filters, as multiples of Muon's.
inline constexpr double nesterov_shares[] = {2, 6, 18};

struct NamedRecipe {
  std::string name;
  ColourRecipe recipe;
};

// The recipe, and variants of it that each lack or replace one part.
inline std::vector<NamedRecipe> recipes_without(const ColourRecipe& all) {
  std::vector<NamedRecipe> list = {{"all of it", all}};
  const auto without = [&](const std::string& name, const auto& change) {
    list.push_back({name, all});
    change(list.back().recipe);
  };
  without("first filters learned",
          [](ColourRecipe& it) { it.start.whitened = false; });
  without("no identity start",
          [](ColourRecipe& it) { it.start.identity = false; });
  without("no shifts", [](ColourRecipe& it) { it.changes.shift = 0; });
  if (all.changes.views > 2)
    without("two views", [](ColourRecipe& it) { it.changes.views = 2; });
  without("one view", [](ColourRecipe& it) { it.changes.views = 1; });
  without("no label smoothing", [](ColourRecipe& it) { it.smoothing = 0; });
  for (const double share : nesterov_shares)
    without(format("Nesterov, rate x %.0f", share), [&](ColourRecipe& it) {
      it.by_muon = false;
      it.filters *= share;
    });
  return list;
}

// The held-out accuracy after one training: of each picture as it is, and
// by the mean over several views.
struct ColourEnd {
  double once = 0, over_views = 0;
};

inline ColourEnd colour_end(const ColourRecipe& recipe, const Split& split,
                            int views, const AfterStep& after_step) {
  const auto network = started_colours(recipe, split.train);
  train_colours(*network, recipe, split.train, after_step);
  return {accuracy(*network, split.held_out),
          accuracy_over_views(*network, split.held_out, views)};
}

inline void linear_from_seeds(ColourTour& tour) {
  step("The linear model again");
  const int seeds = tour.seeds(3);
  std::vector<double> accuracies;
  for (int i = 0; i < seeds && !tour.program.interrupted(); ++i)
    accuracies.push_back(linear_colour_accuracy(
        tour.split(), tour.program.quick() ? 1 : 10,
        tour.program.seed() + static_cast<std::uint64_t>(i)));
  if (tour.program.interrupted()) return;
  say("Held-out accuracy of one dense layer in percent: " +
      mean_text(seed_mean(accuracies), seeds) + ". " +
      seeds_sentence(tour, seeds) + ".");
}

inline void all_but_one_part(ColourTour& tour) {
  step("What each part is worth");
  const int seeds = tour.seeds(3);
  if (!tour.program.quick()) tour.recipe.epochs = 8;
  const auto list = recipes_without(tour.recipe);
  say(widths_text(tour.recipe.widths) +
      format(", epochs: %d. Each row after the first changes one part of "
             "the training; Nesterov's steps take the place of Muon's, at "
             "multiples of its rate. Held-out accuracy in percent, for "
             "each picture as it is and for the mean over %d views. ",
             tour.recipe.epochs, tour.views()) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  Progress progress("recipes", static_cast<int>(list.size()) * seeds,
                    "networks");
  int done = 0;
  Rows rows = {{"recipe", "as it is", "over views"}};
  for (const NamedRecipe& it : list) {
    std::vector<double> once, over_views;
    for (int i = 0; i < seeds; ++i) {
      ColourRecipe recipe = it.recipe;
      recipe.start.seed += static_cast<std::uint64_t>(i);
      const ColourEnd end =
          colour_end(recipe, tour.split(), tour.views(), tour.go_on());
      if (tour.program.interrupted()) return;
      once.push_back(end.once);
      over_views.push_back(end.over_views);
      progress.update(++done, it.name);
    }
    rows.push_back({it.name, mean_text(seed_mean(once), seeds),
                    mean_text(seed_mean(over_views), seeds)});
    if (rows.size() == 2)
      tour.program.report("mean_accuracy",
                          format("%.4f", seed_mean(once).mean));
  }
  print_table(rows);
}

}  // namespace cnn
