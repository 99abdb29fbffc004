// Step 2: a ruler for memory, in bits per weight.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "12-generalization/figures.hpp"
#include "12-generalization/label_memory.hpp"
#include "12-generalization/steps_tour.hpp"

namespace cnn {

// A network to measure, with each of these numbers of labels and of epochs.
struct MemoryTrial {
  std::string name;
  Architecture architecture;
  std::vector<int> labels;
  std::vector<int> epochs;
};

inline std::vector<MemoryTrial> memory_trials(
    const GeneralizationTour& tour) {
  if (tour.program.quick())
    return {{"quarter", narrow_network(1), {50, 100}, {2}}};
  if (!tour.full())
    return {{"quarter", narrow_network(1), {250, 500, 1000, 1500}, {100}}};
  return {{"whole", narrow_network(4), {2000, 6000}, {100}},
          {"half", narrow_network(2), {1000, 2000, 3000}, {100}},
          {"quarter", narrow_network(1), {500, 1000, 1500}, {100}},
          {"quarter", narrow_network(1), {1000}, {30, 300, 1000}},
          {"nine cells", nine_cells, {1000, 3000}, {100}}};
}

// One row of the table: means over the seeds for one network, one number of
// labels and one number of epochs.
struct MemoryRow {
  std::string name;
  int epochs = 0, labels = 0, weights = 0;
  SeedMean right, bits, bits_per_weight;  // right: in percent
};

inline MemoryRow compute_memory_row(GeneralizationTour& tour,
                                    const MemoryTrial& trial, int labels,
                                    int epochs, int seeds) {
  Experiment experiment = tour.experiment;
  experiment.architecture = trial.architecture;
  experiment.settings.learning_rate = 0.03;
  experiment.settings.epochs = epochs;
  const Dataset images = first(tour.digits.train, labels);
  MemoryRow row{trial.name, epochs, images.size(), 0, {}, {}, {}};
  std::vector<double> right, bits, each;
  for (int i = 0; i < seeds; ++i, ++experiment.settings.seed) {
    const LabelMemory it =
        compute_label_memory(images, experiment, tour.go_on());
    if (tour.program.interrupted()) return row;
    row.weights = it.weights;
    right.push_back(100 * it.learned.right);
    bits.push_back(it.bits());
    each.push_back(it.bits_per_weight());
  }
  row.right = seed_mean(right);
  row.bits = seed_mean(bits);
  row.bits_per_weight = seed_mean(each);
  return row;
}

inline std::vector<MemoryRow> compute_memory_rows(GeneralizationTour& tour,
                                                  int seeds) {
  const std::vector<MemoryTrial> trials = memory_trials(tour);
  int all = 0, done = 0;
  for (const MemoryTrial& it : trials)
    all += static_cast<int>(it.labels.size() * it.epochs.size());
  Progress progress("memory", all, "trials");
  std::vector<MemoryRow> rows;
  for (const MemoryTrial& trial : trials)
    for (const int labels : trial.labels)
      for (const int epochs : trial.epochs) {
        rows.push_back(
            compute_memory_row(tour, trial, labels, epochs, seeds));
        if (tour.program.interrupted()) return {};
        progress.update(++done);
      }
  return rows;
}

inline void print_memory(const std::vector<MemoryRow>& rows, int seeds) {
  Rows table = {{"network", "weights", "epochs", "labels", "right (%)",
                 "bits/weight", "at most"}};
  for (const MemoryRow& it : rows)
    table.push_back({it.name, std::to_string(it.weights),
                     std::to_string(it.epochs), std::to_string(it.labels),
                     number_text(it.right, seeds, 1),
                     number_text(it.bits_per_weight, seeds, 2),
                     format("%.2f", it.labels * 3.321928 / it.weights)});
  print_table(table);
}

// A curve for each network, from its rows with this number of epochs.
inline std::vector<MemoryCurve> memory_curves(
    const std::vector<MemoryRow>& rows, int epochs) {
  std::vector<MemoryCurve> curves;
  for (const MemoryRow& it : rows) {
    if (it.epochs != epochs) continue;
    if (curves.empty() || curves.back().name != it.name)
      curves.push_back({it.name, {}, {}});
    curves.back().labels_per_weight.push_back(1.0 * it.labels / it.weights);
    curves.back().bits_per_weight.push_back(it.bits_per_weight);
  }
  return curves;
}

inline void ruler_for_memory(GeneralizationTour& tour) {
  step("A ruler for memory");
  const int seeds = tour.seeds(3);
  say("How many bits can the weights hold? A random label out of ten is "
      "worth log2(10) = 3.32 bits, and no picture gives it away. \"At "
      "most\" is what all the labels together are worth, per weight. " +
      std::string(tour.full()
                      ? "Whole is chapter 06's network, half and quarter "
                        "have only that share of its channels, and nine "
                        "cells has one hidden layer. "
                      : "Quarter is chapter 06's network with a quarter of "
                        "its channels. ") +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<MemoryRow> rows = compute_memory_rows(tour, seeds);
  if (tour.program.interrupted()) return;
  print_memory(rows, seeds);
  tour.program.report("bits_per_weight",
                      format("%.2f", rows.back().bits_per_weight.mean));
  tour.program.figure(
      tour.full() ? "full-memory.svg" : "memory.svg",
      memory_figure(memory_curves(rows, rows.front().epochs)),
      "where a line leaves the straight one, not every label was learned");
}

}  // namespace cnn
