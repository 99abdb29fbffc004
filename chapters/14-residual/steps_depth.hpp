// Steps 3 and 4: networks of few and of many blocks are trained, first all
// at a high rate and then each at a rate of its own.
// Book: book/14-residual.md
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "14-residual/steps_tour.hpp"

namespace cnn {

inline std::string own_and_held_out(const BlockRun& run) {
  return !run.own
             ? "broke"
             : format("%.1f, %.1f", 100 * *run.own, 100 * *run.held_out);
}

inline std::vector<int> depths_of(const ResidualTour& tour) {
  if (tour.program.quick()) return {1, tour.blocks};
  return tour.full() ? std::vector{1, 5, 10, 20} : std::vector{1, 5, 10};
}

inline std::string digits_sentence(const ResidualTour& tour) {
  return format(
      "Trained on %d digits. Epochs: %d. Batches of 32, momentum 0.9, "
      "warm-up and cosine.",
      tour.digits.train.size(), tour.settings(0.05).epochs);
}

// Trains from one seed at one high rate, and keeps the networks of
// tour.blocks blocks for the steps after it.
inline void deeper_at_a_high_rate(ResidualTour& tour) {
  step("Deeper, at a high rate");
  constexpr double rate = 0.05;
  say(digits_sentence(tour) +
      format(" Learning rate %.2f. Accuracy in percent on the digits that "
             "the network learned from, and on digits that it never saw. ",
             rate) +
      seeds_sentence(tour, 1) + ".");
  print("\n");
  const std::vector<int> depths = depths_of(tour);
  Progress progress("depths",
                    static_cast<int>(block_kinds.size() * depths.size()),
                    "networks");
  int done = 0;
  Rows rows = {{"blocks", "layers"}};
  for (const BlockKind kind : block_kinds)
    rows[0].push_back(kind_name(kind));
  for (const int blocks : depths) {
    rows.push_back({std::to_string(blocks),
                    std::to_string(weighted_layers({.blocks = blocks}))});
    for (const BlockKind kind : block_kinds) {
      const BlockNetwork it{kind, blocks};
      auto network = std::make_unique<FastNetwork>(block_network(it),
                                                   Shape{1, 28, 28});
      const BlockRun run = train_blocks(*network, tour.digits,
                                        tour.settings(rate), tour.go_on());
      if (tour.program.interrupted()) return;
      rows.back().push_back(own_and_held_out(run));
      progress.update(++done, kind_name(kind));
      if (blocks == tour.blocks)
        tour.trained.push_back({it, rate, std::move(network), run});
    }
  }
  print_table(rows);
}

// Trains those of the kept networks again that do better at another rate.
inline void at_a_rate_of_its_own(ResidualTour& tour) {
  step("Each at a rate of its own");
  say(format("The networks of %d blocks again, each at the rate that "
             "suited it best when --full ran on the book's digits. ",
             tour.blocks) +
      seeds_sentence(tour, 1) + ".");
  print("\n");
  Rows rows = {{"network", "rate", "own digits, held out"}};
  for (TrainedBlocks& it : tour.trained) {
    const double rate = good_rate(it.network.kind);
    if (rate != it.rate) {
      it.rate = rate;
      it.run = train_blocks(*it.trained, tour.digits, tour.settings(rate),
                            tour.go_on());
      if (tour.program.interrupted()) return;
    }
    rows.push_back({kind_name(it.network.kind), tick_text(rate),
                    own_and_held_out(it.run)});
    tour.program.report(
        it.network.kind == BlockKind::plain   ? "held_out_plain"
        : it.network.kind == BlockKind::added ? "held_out_added"
                                              : "held_out_nothing",
        format("%.4f", it.run.held_out.value_or(0)));
  }
  print_table(rows);
}

// ---- The long study ----------------------------------------------------

inline std::vector<double> study_rates(const ResidualTour& tour) {
  return tour.program.quick() ? std::vector{0.01, 0.05}
                              : std::vector{0.003, 0.01, 0.05};
}

inline void print_depths(const std::vector<DepthRuns>& all, bool own) {
  Rows rows = {{"network", "blocks"}};
  for (const double rate : all[0].rates)
    rows[0].push_back("rate " + tick_text(rate));
  for (const DepthRuns& runs : all) {
    rows.push_back({kind_name(runs.network.kind),
                    std::to_string(runs.network.blocks)});
    for (const RunsMean& it : own ? runs.own : runs.held_out)
      rows.back().push_back(mean_text(it));
  }
  print_table(rows);
}

inline void print_best(const std::vector<DepthRuns>& all) {
  Rows rows = {
      {"blocks", "network", "best rate", "own digits", "held out"}};
  const std::size_t depths = all.size() / block_kinds.size();
  for (std::size_t d = 0; d < depths; ++d)
    for (std::size_t k = 0; k < block_kinds.size(); ++k) {
      const DepthRuns& runs = all[k * depths + d];
      const std::size_t best = runs.best();
      rows.push_back(
          {k == 0 ? std::to_string(runs.network.blocks) : "",
           kind_name(runs.network.kind), tick_text(runs.rates[best]),
           mean_text(runs.own[best]), mean_text(runs.held_out[best])});
    }
  print_table(rows);
}

inline void all_depths(ResidualTour& tour) {
  step("Every depth at every rate");
  const int seeds = tour.seeds(3);
  const std::vector<double> rates = study_rates(tour);
  const std::vector<int> depths = depths_of(tour);
  say(digits_sentence(tour) + " " + kinds_sentence() +
      " Accuracy in percent on the digits that the network learned from. " +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  int weight = 0, done = 0;
  for (const int blocks : depths) weight += blocks + 1;
  Progress progress(
      "all depths",
      weight * static_cast<int>(block_kinds.size() * rates.size()) * seeds,
      "blocks");
  std::vector<DepthRuns>& all = tour.study;
  for (const BlockKind kind : block_kinds)
    for (const int blocks : depths) {
      all.push_back(compute_depth_runs(
          {kind, blocks}, tour.digits, tour.settings(0), rates, seeds,
          tour.go_on(),
          [&] { progress.update(done += blocks + 1, kind_name(kind)); }));
      if (tour.program.interrupted()) return;
    }
  print_depths(all, true);
  print("\n");
  say("The same networks on digits that they never saw:");
  print("\n");
  print_depths(all, false);
  print("\n");
  say("And each at the rate at which it reads its own digits best:");
  print("\n");
  print_best(all);
  tour.program.figure("full-depth-own.svg", depth_figure(all, true),
                      "does depth help with the digits that the networks "
                      "learned from?");
  tour.program.figure(
      "full-depth-held-out.svg", depth_figure(all, false),
      "do deeper networks read more digits than those of one block?");
}

}  // namespace cnn
