// Steps 4 and 5: which starts learn at which depth, and what equal cells
// do.
// Book: book/10-initialization.md
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "10-initialization/equal_cells.hpp"
#include "10-initialization/figures.hpp"
#include "10-initialization/steps_tour.hpp"
#include "10-initialization/wedge.hpp"

namespace cnn {

inline const std::vector<int> wedge_depths = {2, 5, 10, 20};

inline TrainingSettings tour_settings(const StartTour& tour) {
  TrainingSettings settings = wedge_settings(tour.program.seed());
  if (tour.program.quick()) settings.epochs = 1;
  return settings;
}

inline AfterStep until_interrupted(const StartTour& tour) {
  return
      [&tour](const TrainingStep&) { return !tour.program.interrupted(); };
}

// The accuracies [depth][start], none where a run broke.
using WedgeShares = std::vector<std::vector<std::optional<double>>>;

inline WedgeShares train_wedge(StartTour& tour,
                               const TrainingSettings& settings) {
  const std::vector<NamedStart> starts = wedge_starts();
  Progress progress("the wedge",
                    static_cast<int>(wedge_depths.size() * starts.size()),
                    "runs");
  WedgeShares shares;
  int done = 0;
  for (const int depth : wedge_depths) {
    shares.emplace_back();
    for (const NamedStart& start : starts) {
      if (tour.program.interrupted()) return shares;
      shares.back().push_back(compute_start(start, depth, 100, tour.digits,
                                            settings,
                                            until_interrupted(tour))
                                  .accuracy);
      progress.update(++done);
    }
  }
  return shares;
}

// A row for each start, a column for each depth.
inline void print_by_depth(
    const std::function<std::string(std::size_t depth, std::size_t start)>&
        cell) {
  Rows rows = {{"start"}};
  for (const int depth : wedge_depths)
    rows[0].push_back(format("%d layers", depth));
  const std::vector<NamedStart> starts = wedge_starts();
  for (std::size_t c = 0; c < starts.size(); ++c) {
    Strings row = {starts[c].name};
    for (std::size_t r = 0; r < wedge_depths.size(); ++r)
      row.push_back(cell(r, c));
    rows.push_back(row);
  }
  print_table(rows);
}

inline void print_wedge(const WedgeShares& shares) {
  print_by_depth([&](std::size_t depth, std::size_t start) {
    const std::optional<double>& share = shares[depth][start];
    return share ? format("%.1f", 100 * *share) : std::string("-");
  });
}

// The loss before the first step, with the last layer at the size that the
// start gives it, and at a tenth of that.
inline void print_first_losses(const StartTour& tour) {
  const Dataset some = first(tour.digits.train, 200);
  Rows rows = {{"start", "layers", "last layer full size", "at a tenth"}};
  for (const double gain : {1.0, 2.0, 4.0})
    for (const int depth : {2, 20}) {
      const NamedStart start{"gain " + short_text(gain), gain_start(gain)};
      const auto loss = [&](float last_scale) {
        return format("%.3f",
                      loss_at_start(start, depth, 100, some, last_scale,
                                    tour.program.seed()));
      };
      rows.push_back(
          {start.name, std::to_string(depth), loss(1), loss(0.1f)});
    }
  print_table(rows);
}

inline void the_wedge(StartTour& tour) {
  step("The wedge: which starts learn, and how deep");
  const TrainingSettings settings = tour_settings(tour);
  say(format(
      "%d digits, %d epochs, batches of %d, layers of 100 cells, momentum "
      "0.9, rate %.2f. Gain g: weights of variance g / n, so gain 2 is "
      "He's. Measured: each layer's sums are scaled to size 1. Held-out "
      "digits read, in percent; \"-\": the numbers stopped being finite. "
      "One seed (--full runs five):",
      tour.digits.train.size(), settings.epochs, settings.batch,
      settings.learning_rate));
  print("\n");
  const WedgeShares shares = train_wedge(tour, settings);
  if (tour.program.interrupted()) return;
  print_wedge(shares);
  tour.program.report(
      "twenty_layers_gain_2",
      format("%.4f", shares.back().at(wedge_column("gain 2")).value_or(0)));
  tour.program.figure("wedge.svg",
                      wedge_figure(wedge_depths, wedge_starts(), shares),
                      "each row is a depth: how many starts still learn?");
  print("\n");
  say(
      format("The loss before the first step. Ten equal probabilities have "
             "a loss of ln 10 = %.3f:",
             std::log(10.0)));
  print("\n");
  print_first_losses(tour);
}

// ---- Equal cells -------------------------------------------------------

inline void equal_cells(StartTour& tour) {
  step("Equal cells: what keeps them equal");
  say("One hidden layer of 100 cells. Distinct: how many different cells "
      "there are among the 100, before and after training.");
  print("\n");
  Rows rows = {{"start", "distinct before", "after", "held-out accuracy"}};
  const std::vector<EqualCells> all = compute_equal_cells(
      100, tour.digits, tour_settings(tour), until_interrupted(tour));
  if (tour.program.interrupted()) return;
  for (const EqualCells& it : all)
    rows.push_back({equal_start_name(it.start), std::to_string(it.before),
                    std::to_string(it.after),
                    it.run.accuracy ? percent(*it.run.accuracy) : "-"});
  print_table(rows);
}

}  // namespace cnn
