// Steps 10 and 11: what normalization is good for, and normalization
// without a batch.
// Book: book/13-normalization.md
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "13-normalization/moving_inputs.hpp"
#include "13-normalization/probe_norm.hpp"
#include "13-normalization/shaken.hpp"
#include "13-normalization/steps_starts.hpp"
#include "13-normalization/steps_tour.hpp"

namespace cnn {

// ---- Noise after the normalization -------------------------------------

inline std::vector<std::pair<std::string, ShakenArchitecture>>
shaken_networks(const NormTour& tour) {
  const Architecture deep = tour.deep();
  return {{"plain", before_each_relu<ShakenArchitecture>(deep)},
          {"batch norm",
           before_each_relu<ShakenArchitecture>(deep, BatchNorm{})},
          {"noise 0.1", shaken_network(deep, 0.1, tour.program.seed())},
          {"noise 0.25", shaken_network(deep, 0.25, tour.program.seed())}};
}

inline std::string move_text(
    const std::vector<std::optional<double>>& moves) {
  const RunsMean it = mean_of_runs(moves);
  if (it.broken > 0) return "-";
  return it.runs == 1 ? format("%.3f", it.of.mean)
                      : format("%.3f +- %.3f", it.of.mean, it.of.error);
}

inline void explain_noise(const NormTour& tour, int seeds) {
  say("First explanation: inputs that move. In the last two rows, noise "
      "that changes at every step stretches and shifts all channels by up "
      "to 0.1 or 0.25 after each normalization. The table shows how far "
      "the mean of a typical channel moves in one step at the rate 0.03, "
      "in standard deviations, and the held-out accuracy in percent. All "
      "but the plain network are asked without noise, in training mode, "
      "in batches of 500. " +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
}

inline void shaken_inputs(NormTour& tour, int seeds) {
  explain_noise(tour, seeds);
  const std::vector<double> rates =
      tour.full() ? std::vector{0.03, 0.1, 0.3} : std::vector{0.03};
  const auto networks = shaken_networks(tour);
  const NormalizedArchitecture quiet =
      before_each_relu(tour.deep(), BatchNorm{});
  Progress progress(
      "noise", static_cast<int>(networks.size() * rates.size()), "cells");
  int done = 0;
  Rows rows = {{"", "moves by"}};
  for (const double rate : rates)
    rows[0].push_back("rate " + tick_text(rate));
  for (const auto& network : networks) {
    const std::string& name = network.first;
    rows.push_back({name, ""});
    const auto asked = [&](FastNetwork& trained) {
      return name == "plain" ? accuracy(trained, tour.digits.held_out)
                             : accuracy_without_noise(trained, quiet,
                                                      tour.digits.held_out);
    };
    for (const double rate : rates) {
      NormRun<ShakenArchitecture> run = tour.run(network.second);
      run.settings.learning_rate = rate;
      std::vector<std::optional<double>> shares, moves;
      for (int i = 0; i < seeds; ++i, ++run.settings.seed) {
        // The moves are shown for the first rate only, so they need not
        // be measured at the others.
        const int every = rate > rates[0] ? 1000000 : tour.full() ? 5 : 10;
        const MovedRun it =
            compute_moved_run(run, tour.digits, every, asked, tour.go_on());
        shares.push_back(it.accuracy);
        moves.push_back(it.move);
        if (tour.program.interrupted()) return;
      }
      if (rate == rates[0]) rows.back()[1] = move_text(moves);
      rows.back().push_back(seeds_text(shares));
      progress.update(++done);
    }
  }
  progress.clear();
  print_table(rows);
}

// ---- How soon a gradient is out of date --------------------------------

// The means of compute_out_of_date() over `seeds` runs.
inline std::vector<TrialStep> out_of_date_from_seeds(
    NormTour& tour, NormRun<> run, const std::vector<double>& lengths,
    int seeds) {
  std::vector<TrialStep> all;
  for (const double length : lengths) all.push_back({length, 0, 0});
  for (int i = 0; i < seeds; ++i, ++run.settings.seed) {
    const auto one =
        compute_out_of_date(run, tour.digits.train, lengths,
                            tour.program.quick() ? 2 : 20, tour.go_on());
    for (std::size_t k = 0; k < all.size(); ++k) {
      all[k].cosine += one[k].cosine / seeds;
      all[k].loss_left += one[k].loss_left / seeds;
    }
  }
  return all;
}

inline void gradients_out_of_date(NormTour& tour, int seeds) {
  print("\n");
  say("Second explanation: gradients that stay true. Every 20 steps of a "
      "run at the rate 0.02 we stop and try a step against the gradient of "
      "256 digits. Its length is given as a share of the weights' length. "
      "The table shows the cosine of the gradients before and after it, "
      "and the loss after it as a multiple of the loss before. " +
      (seeds == 1 ? seeds_sentence(tour, seeds)
                  : format("Means of %d seeds, beginning with seed %d",
                           seeds, static_cast<int>(tour.program.seed()))) +
      ".");
  print("\n");
  const std::vector<double> lengths = {0.0003, 0.001, 0.003, 0.01, 0.03};
  const std::vector<NormRun<>> runs = deep_runs(tour);
  std::vector<std::vector<TrialStep>> found;
  for (const NormRun<>& run : runs) {
    found.push_back(out_of_date_from_seeds(tour, run, lengths, seeds));
    if (tour.program.interrupted()) return;
  }
  Rows rows = {{tour.full() ? "step of" : "step", "plain, cosine",
                "loss left", "batch norm, cosine", "loss left"}};
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    rows.push_back({tick_text(lengths[i])});
    for (const auto& run : found) {
      rows.back().push_back(format("%.2f", run[i].cosine));
      rows.back().push_back(format("%.2f", run[i].loss_left));
    }
  }
  print_table(rows);
}

inline void what_is_it_good_for(NormTour& tour) {
  step("What is it good for?");
  shaken_inputs(tour, tour.seeds(3));
  if (tour.program.interrupted()) return;
  gradients_out_of_date(tour, tour.seeds(3));
}

// ---- Without a batch ---------------------------------------------------

inline constexpr int probe_digits = 32;

// The accuracy of the plain deep network, rescaled on the probe, against
// the rate.
inline RateCurve probe_curve(NormTour& tour, const char* name, bool centred,
                             const std::vector<double>& rates, int seeds,
                             const std::function<void()>& cell_is_done) {
  RateCurve curve{name, rates, {}};
  for (const double rate : rates) {
    NormRun<Architecture> run = tour.run(tour.deep());
    run.settings.learning_rate = rate;
    std::vector<std::optional<double>> shares;
    for (int i = 0; i < seeds; ++i, ++run.settings.seed)
      shares.push_back(accuracy_with_probe(run, tour.digits, probe_digits,
                                           centred, tour.go_on()));
    curve.accuracies.push_back(mean_of_runs(shares));
    if (tour.program.interrupted()) break;
    cell_is_done();
  }
  return curve;
}

inline void without_a_batch(NormTour& tour) {
  step("Batch norm without a batch");
  const int seeds = tour.seeds(3);
  say(format(
          "The networks of %d layers, and one more. Probe: a plain network "
          "in which every filter is rescaled after each step, so that its "
          "sums for the same %d digits have variance 1%s. Held-out "
          "accuracy in percent. ",
          tour.depth, probe_digits,
          tour.full() ? "; with mean: its bias is moved as well, so that "
                        "they have mean 0"
                      : "") +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<double> rates = tour.deep_rates.at(0).rates;
  const int probes = tour.full() ? 2 : 1;
  Progress progress("without a batch",
                    probes * static_cast<int>(rates.size()), "runs");
  int done = 0;
  std::vector<RateCurve> curves = tour.deep_rates;
  for (int i = 0; i < probes; ++i) {
    curves.push_back(probe_curve(tour, i == 0 ? "probe" : "with mean",
                                 i == 1, rates, seeds,
                                 [&] { progress.update(++done); }));
    if (tour.program.interrupted()) return;
  }
  progress.clear();
  print_norm_curves("at rate", curves);
  if (!tour.full()) return;
  tour.program.figure("full-probe.svg", probe_figure(curves),
                      "do the last two lines follow the second?");
}

}  // namespace cnn
