// Step 6: fifty layers that begin by doing nothing.
// Book: book/10-initialization.md
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "10-initialization/figures.hpp"
#include "10-initialization/mirrored_runs.hpp"
#include "10-initialization/steps_wedge.hpp"

namespace cnn {

inline const std::vector<DeepStart> deep_starts = {
    DeepStart::he, DeepStart::identity, DeepStart::orthogonal};

inline TrainingSettings small_settings(const StartTour& tour) {
  TrainingSettings settings = tour_settings(tour);
  settings.learning_rate = 0.003;
  settings.epochs = 1;
  return settings;
}

inline void draw_passing(StartTour& tour, const Dataset& small) {
  const int digit =
      first_index_of(small.labels, followed_digits.front()).value();
  const Tensor<> image = subset(small, std::vector{digit}).images;
  const std::vector<int> layers =
      layers_up_to({0, 1, 2, 5, 10, 20, 30}, tour.depth);
  std::vector<std::pair<std::string, std::vector<Tensor<>>>> rows;
  for (const DeepStart start : deep_starts)
    rows.emplace_back(
        deep_start_name(start),
        compute_passing(image, layers, start, tour.program.seed()));
  tour.program.figure(
      "passing.png", passed_figure(rows, layers),
      "the third row looks like noise, though the 3 is only turned or "
      "reflected");
}

inline void the_mirrored_start(StartTour& tour) {
  step(
      format("A start that is exactly linear, %d layers deep", tour.depth));
  const Split small = small_digits(tour.digits);
  const Dataset some = first(small.held_out, 60);
  say(format(
      "A digit of 10 x 10 pixels is 100 numbers. Each has a twin of the "
      "opposite sign, so a layer has 200 cells. How many numbers of %d "
      "held-out digits leave layer %d with any bit changed? How alike are "
      "two different digits before and after? And what share of all "
      "held-out digits is read after one epoch? (He's start has no twins, "
      "so nothing is counted there.)",
      some.size(), tour.depth));
  print("\n");
  Rows rows = {
      {"start", "changed", "of", "cosine before", "after", "accuracy"}};
  Strings twins;
  for (const DeepStart start : deep_starts) {
    const PassedOn passed =
        compute_passed_on(some, tour.depth, start, tour.program.seed());
    const auto [run, apart] =
        compute_small_run(start, tour.depth, small, small_settings(tour),
                          until_interrupted(tour));
    if (tour.program.interrupted()) return;
    rows.push_back({deep_start_name(start),
                    passed.changed ? std::to_string(*passed.changed) : "-",
                    std::to_string(passed.numbers),
                    format("%.4f", passed.cosine_before),
                    format("%.4f", passed.cosine_after),
                    run.accuracy ? percent(*run.accuracy) : "-"});
    if (start != DeepStart::he)
      twins.push_back(magnitude_text(apart) + " (" +
                      deep_start_name(start) + ")");
    if (start == DeepStart::orthogonal && run.accuracy)
      tour.program.report("fifty_layers_mirrored",
                          format("%.4f", *run.accuracy));
  }
  print_table(rows);
  print("\n");
  say("The weights of twins begin as w and -w, so each pair adds up to 0. "
      "After the epoch, the largest of these sums, whatever its sign, is " +
      twins.at(0) + " and " + twins.at(1) + ".");
  draw_passing(tour, small.held_out);
}

}  // namespace cnn
