// The study that takes minutes: the same experiments from several seeds.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "10-initialization/size_runs.hpp"
#include "10-initialization/steps_mirrored.hpp"
#include "10-initialization/steps_sizes.hpp"
#include "10-initialization/steps_wedge.hpp"

namespace cnn {

inline int study_seeds(const StartTour& tour, int in_full) {
  return tour.program.quick() ? 2 : in_full;
}

inline void wandering_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 20);
  step("How far the size wanders");
  say(
      format("He's start, %d seeds: the size after layer %d, as a multiple "
             "of the pixels':",
             seeds, tour.depth));
  print("\n");
  const std::vector<int> widths = tour.program.quick()
                                      ? std::vector{10, 20}
                                      : std::vector{50, 100, 200, 400};
  Rows rows = {{"cells", "typical", "lowest", "highest"}};
  Progress progress("wandering sizes", static_cast<int>(widths.size()),
                    "widths");
  int done = 0;
  for (const int width : widths) {
    const Wandering it =
        compute_wandering(first(tour.digits.held_out, 20).images,
                          tour.depth, width, seeds, tour.program.seed());
    if (tour.program.interrupted()) return;
    rows.push_back({std::to_string(width), format("%.2f", it.typical),
                    format("%.2f", it.lowest), format("%.2f", it.highest)});
    progress.update(++done);
  }
  print_table(rows);
}

inline void cosines_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 10);
  const Dataset digits = first(tour.digits.held_out, 60);
  step("How far the cosine wanders");
  say(format("Cosine of different digits after layer %d from %d seeds:",
             tour.depth, seeds));
  print("\n");
  const std::vector<int> widths =
      tour.program.quick() ? std::vector{20, 50} : std::vector{100, 500};
  Rows rows = {{"cells", "mean", "lowest", "highest", "by (10.3)"}};
  Progress progress("cosines", static_cast<int>(widths.size()) * seeds,
                    "networks");
  int done = 0;
  for (const int width : widths) {
    double sum = 0, low = 1, high = -1, formula = 0;
    for (int i = 0; i < seeds; ++i) {
      const PairCosines last =
          compute_meaning(
              digits, tour.depth, width,
              tour.program.seed() + static_cast<std::uint64_t>(i))
              .back()
              .different;
      if (tour.program.interrupted()) return;
      sum += last.measured / seeds;
      low = std::min(low, last.measured);
      high = std::max(high, last.measured);
      formula = last.formula;
      progress.update(++done);
    }
    rows.push_back({std::to_string(width), format("%.3f", sum),
                    format("%.3f", low), format("%.3f", high),
                    format("%.3f", formula)});
  }
  print_table(rows);
}

inline void wedge_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 5);
  step("The wedge from several seeds");
  say(format("The wedge from %d seeds, held-out digits read in percent:",
             seeds));
  print("\n");
  std::vector<WedgeShares> runs;
  for (int i = 0; i < seeds; ++i) {
    TrainingSettings settings = tour_settings(tour);
    settings.seed += static_cast<std::uint64_t>(i);
    runs.push_back(train_wedge(tour, settings));
    if (tour.program.interrupted()) return;
  }
  print_by_depth([&](std::size_t depth, std::size_t start) {
    std::vector<std::optional<double>> cell;
    for (const WedgeShares& run : runs) cell.push_back(run[depth][start]);
    return seeds_text(cell);
  });
}

inline void mirrored_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 3);
  const Split small = small_digits(tour.digits);
  const std::vector<double> rates = {0.0003, 0.001, 0.003, 0.01};
  step("The mirrored start at several rates");
  say(format("The mirrored start from %d seeds, %d layers, one epoch:",
             seeds, tour.depth));
  print("\n");
  Rows rows = {{"start"}};
  for (const double rate : rates)
    rows[0].push_back("rate " + tick_text(rate));
  Progress progress("deep networks",
                    static_cast<int>(deep_starts.size() * rates.size()),
                    "cells");
  int done = 0;
  for (const DeepStart start : deep_starts) {
    rows.push_back({deep_start_name(start)});
    for (const double rate : rates) {
      std::vector<std::optional<double>> cell;
      for (int i = 0; i < seeds; ++i) {
        TrainingSettings settings = small_settings(tour);
        settings.learning_rate = rate;
        settings.seed += static_cast<std::uint64_t>(i);
        cell.push_back(compute_small_run(start, tour.depth, small, settings,
                                         until_interrupted(tour))
                           .run.accuracy);
        if (tour.program.interrupted()) return;
      }
      rows.back().push_back(seeds_text(cell));
      progress.update(++done);
    }
  }
  print_table(rows);
}

}  // namespace cnn
