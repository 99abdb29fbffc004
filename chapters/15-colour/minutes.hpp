// What two processor cores can learn in 1, 2, 5, 10 and 20 minutes. Each of
// these stands for an amount of work that is the same on every machine.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "15-colour/colour_recipe.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The network that can be trained in `minutes` minutes, and the number of
// pictures it sees in that time. A picture counts each time it is seen.
struct MinutesPlan {
  int minutes = 1;
  Widths widths;
  int thousands = 50;  // of pictures
};

// Chosen for two cores that together perform 170 thousand million
// operations a second, as some without AVX-512 do.
inline const std::vector<MinutesPlan>& minutes_plans() {
  static const std::vector<MinutesPlan> plans = {
      {1, {16, 64, 64}, 135},
      {2, {16, 64, 64}, 290},
      {5, {24, 96, 96}, 400},
      {10, {32, 128, 128}, 500},
      {20, {32, 128, 128}, 1000}};
  return plans;
}

// The recipe of a plan for a set of `pictures` training pictures. It has as
// many epochs as come closest to the plan's number, but at least one.
// upright: the pictures have a top, so they may be mirrored but not turned.
// Throws std::invalid_argument for minutes without a plan, or no pictures.
inline ColourRecipe recipe_for_minutes(int minutes, int pictures,
                                       bool upright, std::uint64_t seed) {
  std::string known;
  for (const MinutesPlan& it : minutes_plans()) {
    known += (known.empty() ? "" : ", ") + std::to_string(it.minutes);
    if (it.minutes != minutes || pictures < 1) continue;
    ColourRecipe recipe;
    recipe.widths = it.widths;
    recipe.epochs = std::max(
        1, static_cast<int>(std::lround(it.thousands * 1000.0 / pictures)));
    recipe.batch = usual_batch(pictures);
    recipe.changes.views = views_for(upright);
    recipe.start.seed = seed;
    return recipe;
  }
  fail(Refusal::argument,
       "recipe_for_minutes: expected pictures and minutes of " + known +
           ", got " + std::to_string(pictures) + " and " +
           std::to_string(minutes));
}

}  // namespace cnn
