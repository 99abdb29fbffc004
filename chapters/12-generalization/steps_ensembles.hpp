// Step 9: several networks together, and their price.
// Book: book/12-generalization.md
#pragma once

#include <string>
#include <vector>

#include "12-generalization/ensembles.hpp"
#include "12-generalization/steps_remedies.hpp"

namespace cnn {

// Trains groups of five networks with a remedy. Returns compute_ensembles()
// of every group; fewer groups if the program was interrupted.
inline std::vector<std::vector<EnsembleScore>> compute_groups(
    GeneralizationTour& tour, const Remedy& remedy, const ThreeSets& sets,
    int groups, RemedyWatch& watch) {
  Experiment experiment = remedy_experiment(tour, 15);
  std::vector<std::vector<EnsembleScore>> all;
  for (int group = 0; group < groups; ++group) {
    const NamedResults five =
        compute_seeds(remedy, experiment, sets, 5, watch);
    if (tour.program.interrupted()) return all;
    experiment.settings.seed += 5;
    std::vector<Tensor<>> logits;
    for (const RemedyResult& end : five.ends) logits.push_back(end.logits);
    all.push_back(compute_ensembles(logits, sets.test.labels));
  }
  return all;
}

inline void many_together(GeneralizationTour& tour) {
  step("Many together");
  const ThreeSets sets = three_sets(tour.digits, 1000);
  const int groups = !tour.full() ? 1 : tour.program.quick() ? 2 : 3;
  say("We ask five networks, which differ only in their seeds, and take "
      "the mean of their probabilities. Price: how many times as much an "
      "answer costs as from one network. " +
      std::string(tour.full() ? "'Nothing' learned without a remedy, "
                                "'changed' from changed digits. "
                              : "All five learned without a remedy. ") +
      "Rows for fewer than five are means over all ways to choose them. " +
      (groups == 1 ? std::string("One group of five.")
                   : format("Means of %d groups of five, each with its "
                            "standard error.",
                            groups)));
  std::vector<Remedy> remedies = {{.name = "nothing"}};
  if (tour.full())
    remedies.push_back({.name = "changed", .change = turned_and_bent});
  RemedyWatch watch(tour, "ensembles",
                    5 * groups * static_cast<int>(remedies.size()));
  Rows table = {{"asked", "price"}};
  for (int networks = 1; networks <= 5; ++networks)
    table.push_back(
        {std::to_string(networks), std::to_string(networks) + "x"});
  for (const Remedy& remedy : remedies) {
    const auto all = compute_groups(tour, remedy, sets, groups, watch);
    if (tour.program.interrupted()) return;
    table[0].push_back(remedy.name + " (%)");
    table[0].push_back("loss");
    for (std::size_t k = 0; k < 5; ++k) {
      std::vector<double> shares, losses;
      for (const auto& group : all) {
        shares.push_back(group[k].accuracy);
        losses.push_back(group[k].loss);
      }
      table[k + 1].push_back(share_mean_text(shares));
      table[k + 1].push_back(loss_text(losses));
    }
  }
  print("\n");
  print_table(table);
}

}  // namespace cnn
