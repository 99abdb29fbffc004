// What all steps share: the pictures, the recipe, and the trained network.
// Book: book/15-colour.md
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "06-training/scoring.hpp"
#include "11-optimizers/steps_study_tour.hpp"
#include "15-colour/colour_baselines.hpp"
#include "15-colour/colour_recipe.hpp"
#include "15-colour/figures.hpp"
#include "15-colour/steps_folder.hpp"
#include "common/shell/option.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// The pictures that come with the book, those of a data set, or your own.
// upright: they have a top and a bottom, as photographs do and land seen
// from above does not.
struct ColourPictures {
  Split split;
  std::vector<std::string> skipped;  // a line for each file: path, reason
  bool upright = false;

  std::string name(int label) const {
    return name_of_class(split.names, label);
  }
};

// Loads --data DIR, --pictures DIR or, without these, the land. The two
// options differ only in that --size goes with --pictures. Throws
// UsageError for options that do not go together, and what load_colour()
// throws.
inline ColourPictures load_colours(const Program& program) {
  std::optional<std::filesystem::path> folder = program.data();
  if (!program.text("pictures").empty()) {
    if (folder) throw UsageError("expected --data or --pictures, got both");
    folder = program.text("pictures");
  } else if (program.given("size")) {
    throw UsageError("expected --size with --pictures");
  }
  const int size = program.integer("size");
  PictureFolder it = load_colour(folder, size);
  return {std::move(it.split), std::move(it.skipped), folder.has_value()};
}

struct ColourTour : SeededTour {
  ColourPictures pictures;
  ColourRecipe recipe;
  std::unique_ptr<FastNetwork> network = nullptr;
  SimpleModels simple = {};
  Scores scores = {};  // of the network, on the held-out pictures

  const Split& split() const { return pictures.split; }
  int views() const { return views_for(pictures.upright); }
};

// A network that learns in a few seconds, and small batches, because there
// are few pictures.
inline ColourRecipe tour_recipe(const ColourTour& tour) {
  ColourRecipe recipe;
  recipe.widths = {16, 32, 64};
  recipe.epochs = tour.program.quick() ? 2 : 12;
  recipe.batch = even_batch(tour.split().train.size(), 125);
  recipe.changes.views = tour.views();
  recipe.start.seed = tour.program.seed();
  return recipe;
}

inline ColourTour make_colour_tour(Program& program) {
  ColourTour tour{{program}, load_colours(program), {}};
  Split& split = tour.pictures.split;
  // Your own pictures are all used; of CIFAR-10, only as many as of land.
  if (program.quick() || program.text("pictures").empty()) {
    split.train = first(split.train, program.quick() ? 250 : 4000);
    split.held_out = first(split.held_out, program.quick() ? 100 : 1000);
  }
  tour.recipe = tour_recipe(tour);
  return tour;
}

}  // namespace cnn
