// The study that takes minutes: the same experiments from several seeds.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "10-initialization/size_runs.hpp"
#include "10-initialization/steps_mirrored.hpp"
#include "10-initialization/steps_rates.hpp"
#include "10-initialization/steps_sizes.hpp"

namespace cnn {

inline void wandering_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 20);
  step("How far the size wanders");
  say(
      format("He's start, %d seeds: the size after layer %d, as a multiple "
             "of the pixels'. Typical is the geometric mean:",
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
    const SizeSpread it =
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

// Shows how much tanh's two slow rows depend on the seed.
inline void tanh_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 20);
  step("Tanh from several seeds");
  say(
      format("Tanh, %d seeds, %d layers of 100 cells: the signal after the "
             "last layer as a multiple of that after the first, and the "
             "gradient at the first as a multiple of that at the last. "
             "Typical is the geometric mean:",
             seeds, tour.depth));
  print("\n");
  Rows rows = {{"start", "of", "typical", "lowest", "highest"}};
  Progress progress("tanh", 2, "starts");
  int done = 0;
  for (const double gain : {1.0, 2.0}) {
    const TanhWandering it = compute_tanh_wandering(
        first(tour.digits.held_out, 20).images, tour.depth, 100, gain,
        seeds, tour.program.seed());
    if (tour.program.interrupted()) return;
    for (const bool forward : {true, false}) {
      const SizeSpread& sizes = forward ? it.signal : it.gradient;
      rows.push_back(
          {format("tanh, %.0f/n", gain), forward ? "signal" : "gradient",
           format("%.2f", sizes.typical), format("%.2f", sizes.lowest),
           format("%.2f", sizes.highest)});
    }
    progress.update(++done);
  }
  print_table(rows);
}

// Does it cost anything to begin with equal cells?
inline void equal_cells_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 5);
  step("Equal cells from several seeds");
  say(format(
      "Equal cells and random scores beside He's start, one hidden layer "
      "of 100 cells, %d seeds. Distinct: how many different cells there "
      "are among the 100 after training, in the seed with the fewest.",
      seeds));
  print("\n");
  std::vector<std::optional<double>> equal, random;
  int fewest_equal = 100, fewest_random = 100;
  Progress progress("equal cells", seeds, "seeds");
  for (int i = 0; i < seeds; ++i) {
    TrainingSettings settings = tour_settings(tour);
    settings.seed += static_cast<std::uint64_t>(i);
    const auto trained = [&](EqualStart start) {
      return compute_equal_start(start, 100, tour.digits, settings,
                                 until_interrupted(tour));
    };
    const EqualCells one_cell = trained(EqualStart::equal_cells),
                     he = trained(EqualStart::he);
    if (tour.program.interrupted()) return;
    equal.push_back(one_cell.run.accuracy);
    fewest_equal = std::min(fewest_equal, one_cell.after);
    random.push_back(he.run.accuracy);
    fewest_random = std::min(fewest_random, he.after);
    progress.update(i + 1);
  }
  print_table(
      {{"start", "distinct", "held-out digits read, in percent"},
       {equal_start_name(EqualStart::equal_cells),
        std::to_string(fewest_equal), seeds_text(equal)},
       {equal_start_name(EqualStart::he), std::to_string(fewest_random),
        seeds_text(random)},
       {"He's lead, seed by seed", "", paired_text(random, equal)}});
}

inline void mirrored_from_seeds(StartTour& tour) {
  const int seeds = study_seeds(tour, 3);
  const Split small = small_digits(tour.digits);
  const std::vector<double> rates = {0.0003, 0.001, 0.003, 0.01, 0.03, 0.1};
  step("The mirrored start at several rates");
  say(format(
      "He's start and the mirrored ones from %d seeds, %d layers, one "
      "epoch; held-out digits read, in percent:",
      seeds, tour.depth));
  print("\n");
  Rows rows = {{"rate"}};
  for (const DeepStart start : deep_starts)
    rows[0].push_back(deep_start_name(start));
  Progress progress("deep networks",
                    static_cast<int>(deep_starts.size() * rates.size()),
                    "cells");
  int done = 0;
  for (const double rate : rates) {
    rows.push_back({tick_text(rate)});
    for (const DeepStart start : deep_starts) {
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
