// The study that takes minutes: the same experiments from several seeds.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "10-initialization/size_runs.hpp"
#include "10-initialization/steps_mirrored.hpp"
#include "10-initialization/steps_sizes.hpp"
#include "10-initialization/steps_wedge.hpp"

namespace cnn {

// Percentages from several seeds as "90.3 +- 0.4": the mean and its
// standard error; or how many of the runs broke.
inline std::string seeds_text(
    const std::vector<std::optional<double>>& shares) {
  double sum = 0, squares = 0;
  int broken = 0;
  for (const std::optional<double>& share : shares) {
    if (!share) ++broken;
    sum += 100 * share.value_or(0);
  }
  const int count = static_cast<int>(shares.size());
  if (broken > 0) return format("%d of %d broke", broken, count);
  const double mean = sum / count;
  for (const std::optional<double>& share : shares)
    squares += (100 * *share - mean) * (100 * *share - mean);
  const double error =
      count > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
  return format("%.1f +- %.1f", mean, error);
}

inline void wedge_from_seeds(StartTour& tour, int seeds) {
  std::vector<WedgeShares> runs;
  for (int i = 0; i < seeds && !tour.program.interrupted(); ++i) {
    TrainingSettings settings = tour_settings(tour);
    settings.seed += static_cast<std::uint64_t>(i);
    runs.push_back(train_wedge(tour, settings));
  }
  if (tour.program.interrupted()) return;
  print("\nThe wedge from %d seeds, held-out digits read in percent:\n\n",
        seeds);
  print_by_depth([&](std::size_t depth, std::size_t start) {
    std::vector<std::optional<double>> cell;
    for (const WedgeShares& run : runs) cell.push_back(run[depth][start]);
    return seeds_text(cell);
  });
}

inline void mirrored_from_seeds(StartTour& tour, int seeds) {
  const Split small = small_digits(tour.digits);
  const std::vector<double> rates = {0.0003, 0.001, 0.003, 0.01};
  print("\nThe mirrored start from %d seeds, %d layers, one epoch:\n\n",
        seeds, tour.depth);
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
        if (tour.program.interrupted()) return;
        TrainingSettings settings = small_settings(tour);
        settings.learning_rate = rate;
        settings.seed += static_cast<std::uint64_t>(i);
        cell.push_back(compute_small_run(start, tour.depth, small, settings,
                                         until_interrupted(tour))
                           .accuracy);
      }
      rows.back().push_back(seeds_text(cell));
      progress.update(++done);
    }
  }
  print_table(rows);
}

inline void cosines_from_seeds(StartTour& tour, int seeds) {
  const Dataset digits = first(tour.digits.held_out, 60);
  print("\nCosine of different digits after layer %d from %d seeds:\n\n",
        tour.depth, seeds);
  Rows rows = {{"cells", "mean", "lowest", "highest", "by (10.3)"}};
  for (const int width : {100, 500}) {
    double sum = 0, low = 1, high = -1, formula = 0;
    for (int i = 0; i < seeds; ++i) {
      const PairCosines last =
          compute_meaning(
              digits, tour.depth, tour.program.quick() ? 50 : width,
              tour.program.seed() + static_cast<std::uint64_t>(i))
              .back()
              .different;
      sum += last.measured / seeds;
      low = std::min(low, last.measured);
      high = std::max(high, last.measured);
      formula = last.formula;
    }
    rows.push_back({std::to_string(width), format("%.3f", sum),
                    format("%.3f", low), format("%.3f", high),
                    format("%.3f", formula)});
  }
  print_table(rows);
}

inline void wandering_from_seeds(StartTour& tour, int seeds) {
  print(
      "\nHe's start, %d seeds: the size after layer %d, as a multiple of "
      "the pixels':\n\n",
      seeds, tour.depth);
  Rows rows = {{"cells", "typical", "lowest", "highest"}};
  for (const int width : {50, 100, 200, 400}) {
    const Wandering it = compute_wandering(
        first(tour.digits.held_out, 20).images, tour.depth,
        tour.program.quick() ? 20 : width, seeds, tour.program.seed());
    rows.push_back({std::to_string(width), format("%.2f", it.typical),
                    format("%.2f", it.lowest), format("%.2f", it.highest)});
  }
  print_table(rows);
}

inline void full_study(StartTour& tour) {
  const bool quick = tour.program.quick();
  wandering_from_seeds(tour, quick ? 2 : 20);
  cosines_from_seeds(tour, quick ? 2 : 10);
  wedge_from_seeds(tour, quick ? 2 : 5);
  if (!tour.program.interrupted()) mirrored_from_seeds(tour, quick ? 2 : 3);
}

}  // namespace cnn
