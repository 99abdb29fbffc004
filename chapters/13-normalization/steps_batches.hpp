// Steps 6 and 8: one digit in eight batches, the accuracy in both modes,
// and normalization folded away.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "13-normalization/asked_in_batches.hpp"
#include "13-normalization/folding.hpp"
#include "13-normalization/steps_tour.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline constexpr int company = 7;   // other images in each batch
inline constexpr int mixtures = 8;  // batches

// A run of chapter 06's network with batch normalization.
inline NormRun<> normalized_digits(const NormTour& tour) {
  NormRun<> run = tour.run(before_each_relu(digit_network, BatchNorm{}));
  run.settings.batch = 32;
  return run;
}

// The network of that run after its epoch. Only the first call trains it;
// if the program is interrupted, the training is incomplete.
inline FastNetwork& after_an_epoch(NormTour& tour) {
  if (!tour.normalized) {
    const NormRun<> run = normalized_digits(tour);
    tour.normalized = std::make_shared<StartedNetwork>(run);
    Sgd sgd(run.momentum);
    train_fast(*tour.normalized, sgd, tour.digits.train, run.settings,
               tour.go_on());
  }
  return *tour.normalized;
}

inline void print_company(const OneDigit& it, int label) {
  Rows rows = {{"batch", "others", "read as",
                format("probability of %d (%%)", label)}};
  const auto row = [&](const std::string& name, const std::string& others,
                       const std::vector<float>& shares) {
    const auto most = std::max_element(shares.begin(), shares.end());
    rows.push_back(
        {name, others, std::to_string(most - shares.begin()),
         format("%.1f",
                100 * static_cast<double>(
                          shares[static_cast<std::size_t>(label)]))});
  };
  row("none", "evaluation mode", it.alone);
  for (std::size_t b = 0; b < it.batches.size(); ++b) {
    std::string others;
    for (const int n : it.batches[b].others)
      others += (others.empty() ? "" : " ") + std::to_string(n);
    row(std::to_string(b + 1), others, it.batches[b].probabilities);
  }
  print_table(rows);
}

// Replaces the number of each other image by its label.
inline OneDigit with_labels(OneDigit it, const Dataset& data) {
  for (BatchCompany& batch : it.batches)
    for (int& n : batch.others)
      n = data.labels[static_cast<std::size_t>(n)];
  return it;
}

inline void show_one_digit(NormTour& tour, FastNetwork& network) {
  const Dataset& data = tour.digits.held_out;
  const int image = least_sure(network, data, 3)
                        .value_or(first_index_of(data.labels, 3).value());
  const OneDigit it = compute_one_digit(network, data, image, mixtures,
                                        company, tour.program.seed());
  say("Of all the held-out 3s that are read correctly, we take the one "
      "that the network is least sure of, and read it in training mode "
      "eight times, each time in the company of " +
      counted_text(company, "other digit") + ":");
  print("\n");
  print_company(with_labels(it, data), 3);
  print("\n");
  say(
      format("Mix all held-out digits into batches of %d, %d times over, "
             "and %.1f %% of them get more than one answer.",
             company + 1, mixtures,
             100 * share_that_changes(network, data, mixtures, company + 1,
                                      tour.program.seed())));
  std::vector<Picture> frames;
  for (const BatchCompany& batch : it.batches)
    frames.push_back(company_frame(data, it, batch));
  tour.program.film("company-film.png", frames, 900,
                    "the 3 does not move, but its bars do");
  tour.program.figure(
      "company-strip.png", company_strip(data, it),
      "in which batches does another bar outgrow that of the 3?");
}

inline void print_modes(NormTour& tour, FastNetwork& network) {
  const Dataset& data = tour.digits.held_out;
  const double evaluated = accuracy(network, data);
  print("\n");
  say(
      format("All held-out digits: %.2f %% are read in evaluation mode. In "
             "training mode, with batches of mixed digits and with batches "
             "sorted by class:",
             100 * evaluated));
  print("\n");
  Rows rows = {{"batch", "mixed", "sorted"}};
  for (const MixedAndSorted& it : compute_mixed_and_sorted(
           network, data, {2, 4, 8, 64, 500}, tour.program.seed()))
    rows.push_back(
        {std::to_string(it.size), percent(it.mixed), percent(it.sorted)});
  print_table(rows);
  tour.program.report("evaluation_mode", format("%.4f", evaluated));
}

// Prints a row for each of some early steps, with means over seeds.
inline void print_early(NormTour& tour, int seeds) {
  say("Fresh networks are asked early in their training at the constant "
      "rate 0.02, with their running statistics and with those of batches "
      "of 500. Held-out accuracy in percent; the difference says by how "
      "many points the batch's own are ahead. " +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  NormRun<> run = normalized_digits(tour);
  run.settings.schedule = constant_schedule;
  std::vector<std::vector<double>> running, own;
  const std::vector<int> steps = {2, 5, 10, 20, 50, 100};
  for (int i = 0; i < seeds; ++i, ++run.settings.seed) {
    StartedNetwork network(run);
    Sgd sgd(run.momentum);
    const std::vector<EarlyAccuracy> asked = compute_early_asked(
        network, sgd, tour.digits, run.settings, steps, tour.go_on());
    if (tour.program.interrupted()) return;
    running.resize(asked.size());
    own.resize(asked.size());
    for (std::size_t k = 0; k < asked.size(); ++k) {
      running[k].push_back(asked[k].running);
      own[k].push_back(asked[k].own);
    }
  }
  Rows rows = {{"after step", "running", "the batch's own", "difference"}};
  for (std::size_t k = 0; k < running.size(); ++k) {
    std::vector<double> more;
    for (std::size_t i = 0; i < running[k].size(); ++i)
      more.push_back(own[k][i] - running[k][i]);
    rows.push_back({std::to_string(steps[k]),
                    mean_text(seed_mean(running[k]), seeds),
                    mean_text(seed_mean(own[k]), seeds),
                    mean_text(seed_mean(more), seeds)});
  }
  print_table(rows);
}

// ---- The same from several seeds, in the long study --------------------

// One way to ask a network, and the share that it led to for each seed.
struct AskedShares {
  std::string name;
  std::vector<double> shares;
};

// Asks one network in every way, and adds a share to each row of `all`.
inline void ask_in_all_ways(FastNetwork& network, const Dataset& data,
                            std::uint64_t seed,
                            std::vector<AskedShares>& all) {
  std::size_t row = 0;
  const auto add = [&](const std::string& name, double share) {
    if (row == all.size()) all.push_back({name, {}});
    all[row++].shares.push_back(share);
  };
  add("evaluation mode", accuracy(network, data));
  for (const MixedAndSorted& it :
       compute_mixed_and_sorted(network, data, {2, 8, 64, 500}, seed)) {
    add(format("batches of %d, mixed", it.size), it.mixed);
    add(format("batches of %d, sorted", it.size), it.sorted);
  }
  add(format("more than one answer in %d batches", mixtures),
      share_that_changes(network, data, mixtures, company + 1, seed));
}

inline void two_modes(NormTour& tour) {
  step("Two modes");
  const int seeds = tour.seeds(5);
  say("Chapter 06's network with batch norm after one epoch: held-out "
      "accuracy in percent, and in the last row the share of digits that "
      "get more than one answer. " +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  NormRun<> run = normalized_digits(tour);
  std::vector<AskedShares> all;
  Progress progress("two modes", seeds, "networks");
  for (int i = 0; i < seeds; ++i, ++run.settings.seed) {
    StartedNetwork network(run);
    Sgd sgd(run.momentum);
    train_fast(network, sgd, tour.digits.train, run.settings, tour.go_on());
    if (tour.program.interrupted()) return;
    ask_in_all_ways(network, tour.digits.held_out, run.settings.seed, all);
    progress.update(i + 1);
  }
  progress.clear();
  Rows rows = {{"asked in", "percent"}};
  for (const AskedShares& it : all)
    rows.push_back({it.name, mean_text(seed_mean(it.shares), seeds)});
  print_table(rows);
  print("\n");
  print_early(tour, seeds);
}

inline void one_digit_eight_batches(NormTour& tour) {
  step("One digit, eight batches");
  FastNetwork& network = after_an_epoch(tour);
  if (tour.program.interrupted()) return;
  say(format("Chapter 06's network with batch norm after one epoch of %d "
             "digits. ",
             tour.digits.train.size()) +
      seeds_sentence(tour, 1) + ".");
  print("\n");
  show_one_digit(tour, network);
  print_modes(tour, network);
  print("\n");
  print_early(tour, 1);
}

// ---- Folded away -------------------------------------------------------

inline void folded_away(NormTour& tour) {
  step("Folded away");
  const NormalizedArchitecture layers = normalized_digits(tour).layers;
  FastNetwork& network = after_an_epoch(tour);
  if (tour.program.interrupted()) return;
  auto less = folded(layers, network.image(), network.plain());
  const Dataset& data = tour.digits.held_out;
  const Tensor<> before = evaluate(network.plain(), data),
                 after = evaluate(less.network, data);
  const std::vector<int> one = predictions(before),
                         other = predictions(after);
  int alike = 0;
  for (std::size_t n = 0; n < one.size(); ++n) alike += one[n] == other[n];
  const float most = max_abs_difference(before, after);
  say(format(
      "The network of step 6 has %d layers and learned %d numbers. With "
      "each batch norm folded into the convolution before it, %d and %d "
      "are left. The folded network gives %d of %d held-out digits the "
      "same answer, and the scores differ by %.1e at most.",
      static_cast<int>(network.plain().size()), parameter_count(network),
      static_cast<int>(less.network.size()), parameter_count(less.network),
      alike, data.size(), static_cast<double>(most)));
  tour.program.report("folded_alike", std::to_string(alike));
}

}  // namespace cnn
