// Step 6: what becomes of one digit in this chapter.
// Book: book/11-optimizers.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "11-optimizers/followed_digit.hpp"
#include "11-optimizers/steps_tour.hpp"
#include "common/data/story.hpp"

namespace cnn {

inline std::vector<RatedOptimizer> followed_optimizers() {
  return {{plain_steps(), 0.01},
          {with_momentum(), 0.01},
          {plain_steps(), 0.1},
          {named<Adam>("Adam"), 0.001}};
}

inline void one_digits_first_steps(OptimizerTour& tour) {
  const Dataset& data = tour.digits.held_out;
  if (data.size() <= story_digit) return;
  constexpr int steps = 100;
  step("One digit's story");
  std::vector<FollowedDigit> all;
  for (const auto& [optimizer, rate] : followed_optimizers())
    all.push_back(compute_followed_digit(
        tour.digits, tour.experiment, optimizer, rate, story_digit, steps));
  const int truth = data.labels[story_digit];
  say(
      format("Held-out digit number %d, counted from 0, is a %d, and no "
             "run learns from it. The table shows the probability, in "
             "percent, that the network gives to the %d after its first "
             "steps. The four runs start from the same weights, see the "
             "same batches and keep their rates. One seed, %s:",
             story_digit, truth, truth,
             std::to_string(tour.program.seed()).c_str()));
  print("\n");
  Rows rows = {{"after step"}};
  for (const FollowedDigit& it : all) rows[0].push_back(followed_name(it));
  for (const int t : {0, 5, 10, 20, 30, 50, 100}) {
    rows.push_back({std::to_string(t)});
    for (const FollowedDigit& it : all)
      rows.back().push_back(format(
          "%.1f", 100 * it.probabilities.at(static_cast<std::size_t>(t))));
  }
  rows.push_back({"least from 30 on"});
  for (const FollowedDigit& it : all)
    rows.back().push_back(format(
        "%.1f", 100 * *std::min_element(it.probabilities.begin() + 30,
                                        it.probabilities.end())));
  print_table(rows);
  tour.program.figure(
      "story.svg", followed_figure(all, truth),
      "which two of the four lines keep each other company?");
}

}  // namespace cnn
