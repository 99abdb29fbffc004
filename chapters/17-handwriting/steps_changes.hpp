// Step 3: what matters, and what does not.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "17-handwriting/changes.hpp"
#include "17-handwriting/figures.hpp"
#include "17-handwriting/steps_digits.hpp"

namespace cnn {

inline std::vector<ChangeCost> costs_of(
    HandwritingTour& tour, const std::vector<NamedChange>& changes,
    Progress& progress, int& done) {
  std::vector<ChangeCost> costs;
  for (const NamedChange& change : changes) {
    costs.push_back(compute_change_cost(tour.all_networks(),
                                        tour.digits.held_out, change));
    progress.update(++done);
  }
  return costs;
}

inline void show_costs(const HandwritingTour& tour, const std::string& name,
                       const std::vector<ChangeCost>& costs) {
  Strings head = {name};
  for (std::size_t i = 0; i < tour.networks.size(); ++i)
    head.push_back("seed " + std::to_string(tour.program.seed() + i));
  head.insert(head.end(), {"mean", "95 % interval"});
  Rows rows = {head};
  for (const ChangeCost& cost : costs) {
    Strings row = {cost.name};
    for (const double share : cost.right) row.push_back(percent(share, 1));
    row.push_back(percent(cost.mean(), 1));
    const Interval open = cost.interval(tour.digits.held_out.size());
    row.push_back(
        format("%4.1f to %4.1f", 100 * open.low, 100 * open.high));
    rows.push_back(row);
  }
  print("\n");
  print_table(rows);
}

// Tries one kind of change after another and prints a table for each.
// Returns what the figure shows.
inline std::vector<ShownChanges> try_changes(HandwritingTour& tour,
                                             const Tensor<>& digit) {
  const std::vector<std::pair<std::string, std::vector<NamedChange>>>
      kinds = {{"grey levels", grey_changes(tour.program.seed())},
               {"strokes", stroke_changes()},
               {"place, size", shape_changes()},
               {"made 28 x 28", placings()}};
  int all = 0, done = 0;
  for (const auto& kind : kinds)
    all += static_cast<int>(kind.second.size());
  Progress progress("changing digits", all, "changes");
  std::vector<ShownChanges> shown;
  for (const auto& [name, changes] : kinds) {
    const std::vector<ChangeCost> costs =
        costs_of(tour, changes, progress, done);
    show_costs(tour, name, costs);
    ShownChanges row = {name, {}};
    for (std::size_t i = 0; i < costs.size(); ++i)
      row.changes.push_back({changes[i].change(digit), costs[i]});
    shown.push_back(row);
  }
  return shown;
}

inline void what_matters(HandwritingTour& tour) {
  step("What matters, and what does not");
  say("In each row all held-out digits are changed in one way and read by "
      "all three networks. The interval allows for the small number of "
      "digits: over many more, the mean would probably lie inside it.");
  std::vector<ShownChanges> shown =
      try_changes(tour, first_of_class(tour.digits.held_out, 7));
  std::vector<ChangeCost> costs;
  for (const ShownChanges& kind : shown)
    for (const ShownChange& it : kind.changes) costs.push_back(it.cost);
  const Agreement agreement =
      compute_agreement(costs, tour.digits.held_out.size());
  print("\n");
  say(
      format("Of %d pairs of rows in these tables whose intervals lie "
             "apart, all three networks put %d in the same order.",
             agreement.pairs, agreement.agreed));
  ShownChanges made = shown.back();
  made.title = "";
  shown.pop_back();
  print("\n");
  tour.program.figure(
      "changes.png",
      changes_figure(
          "A 7 after each change, and the share of digits read correctly",
          shown, 6),
      "which of the changed 7s could you still read?");
  tour.program.figure(
      "placings.png",
      changes_figure("A 7 made 28 x 28 in six ways, and the share of "
                     "digits read correctly",
                     {made}, 6),
      "the first is MNIST's way: how different do the others look?");
}

}  // namespace cnn
