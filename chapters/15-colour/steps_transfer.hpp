// --transfer: what filters learned from one set of pictures are worth for
// another, from land to the set that was given and the other way round.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "15-colour/steps_minutes.hpp"
#include "15-colour/steps_tour.hpp"
#include "15-colour/transfer.hpp"
#include "common/data/files.hpp"
#include "common/shell/file.hpp"
#include "common/shell/places.hpp"

namespace cnn {

// Whether the program should run --transfer and nothing else.
// Throws UsageError for options that do not go together.
inline bool asks_for_transfer(const Program& program) {
  if (!program.flag("transfer")) return false;
  if (program.flag("full") || program.choice("minutes") != "none")
    throw UsageError("expected --transfer without --full and --minutes");
  if (!program.data() && program.text("pictures").empty())
    throw UsageError("expected --transfer with --data or --pictures");
  require_recordable(program);
  return true;
}

// A set of pictures, and the recipe for learning all of it.
struct TransferSide {
  std::string name;
  Split split;
  ColourRecipe recipe;
};

// A network learns a large set in fewer epochs than a small one, 2 to 12,
// to see about 100,000 pictures in all, or fewer if the set is small. At
// most 2,000 pictures are held out.
inline TransferSide transfer_side(const Program& program,
                                  const std::string& name, Split split,
                                  bool upright) {
  if (program.quick()) split.train = first(split.train, 250);
  split.held_out = first(split.held_out, program.quick() ? 100 : 2000);
  const int pictures = split.train.size();
  ColourRecipe recipe;
  recipe.widths = {16, 32, 64};
  recipe.changes.views = views_for(upright);
  recipe.start.seed = program.seed();
  recipe.batch = usual_batch(pictures);
  recipe.epochs =
      program.quick() ? 1 : std::clamp(100000 / pictures, 2, 12);
  return {name, std::move(split), recipe};
}

// Held-out accuracies after learning from few pictures, one for each seed:
// from a network's own start, from the other set's filters, and from these
// at a quarter of the rate.
struct TransferRow {
  std::string name;
  int pictures = 0;
  std::vector<double> own_start, filters, slower;
};

// Trains a network on all of `from` and then, for each number in `each`,
// others on that many pictures of every class of `to`. Calls progress()
// before each training.
inline std::vector<TransferRow> compute_borrowed_filters(
    const TransferSide& from, const TransferSide& to,
    const std::vector<int>& each, int seeds, const AfterStep& go_on,
    const std::function<void()>& progress) {
  std::vector<TransferRow> rows;
  progress();
  const auto learned = started_colours(from.recipe, from.split.train);
  train_colours(*learned, from.recipe, from.split.train, go_on);
  for (const int count : each) {
    TransferRow row{to.name, 0, {}, {}, {}};
    ColourRecipe recipe = to.recipe;
    for (int i = 0; i < seeds; ++i, ++recipe.start.seed) {
      const Dataset few =
          few_of_each(to.split.train, count, recipe.start.seed);
      row.pictures = few.size();
      const auto end = [&](Layer<>* start, double share) {
        progress();
        return accuracy_from(start, share, recipe, few, to.split.held_out,
                             go_on);
      };
      row.own_start.push_back(end(nullptr, 1));
      row.filters.push_back(end(learned.get(), 1));
      row.slower.push_back(end(learned.get(), 0.25));
    }
    rows.push_back(row);
  }
  return rows;
}

inline std::string transfer_text(const std::vector<TransferRow>& all,
                                 int seeds) {
  Rows rows = {{"to learn", "pictures", "own start", "other filters",
                "at a quarter of the rate"}};
  for (const TransferRow& it : all)
    rows.push_back({it.name, std::to_string(it.pictures),
                    mean_text(seed_mean(it.own_start), seeds),
                    mean_text(seed_mean(it.filters), seeds),
                    mean_text(seed_mean(it.slower), seeds)});
  return table_text(rows);
}

inline void learn_from_others(Program& program) {
  const std::string file = "book/output/15-colour.transfer";
  if (program.flag("record"))
    require_file(program.source_folder() / file, "--record ");
  ColourPictures pictures = load_colours(program);
  const int seeds = program.quick() ? 2 : 3;
  program.catch_interrupts();
  print_skipped(pictures.skipped);
  say("Land, and " + pictures.split.source +
      ". Held-out accuracy in percent after learning from few pictures, "
      "counted over all classes. Own start: these pictures are all that a "
      "network gets. Other filters: it begins with those learned from the "
      "other set, and trains them further at the full rate or at a quarter "
      "of it. " +
      seeds_sentence(program.seed(), seeds) + ".");
  const TransferSide land =
      transfer_side(program, "land", embedded_land(), false);
  const TransferSide other = transfer_side(
      program, is_about_cifar10(program) ? "CIFAR-10" : "the other",
      std::move(pictures.split), true);
  const std::vector<int> each =
      program.quick() ? std::vector{2} : std::vector{5, 20, 80};
  const int networks = 2 * (1 + 3 * seeds * static_cast<int>(each.size()));
  Progress progress("training", networks, "networks");
  int trained = 0;
  const AfterStep go_on = SeededTour{program}.go_on();
  std::vector<TransferRow> all;
  for (const auto& [from, to] :
       {std::pair{&other, &land}, std::pair{&land, &other}})
    for (TransferRow& row :
         compute_borrowed_filters(*from, *to, each, seeds, go_on,
                                  [&] { progress.update(trained++); }))
      all.push_back(std::move(row));
  if (program.interrupted()) return;
  progress.update(trained);
  progress.clear();
  const std::string text = "\n" + transfer_text(all, seeds);
  print("%s", text.c_str());
  if (program.flag("record")) {
    write_file(program.source_folder() / file, text);
    print("    recorded: %s\n", file.c_str());
  }
}

}  // namespace cnn
