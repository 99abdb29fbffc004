// Step 4 with --full: more pairs, trained to the end, and networks that
// choose nothing.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "18-browser/curved.hpp"
#include "18-browser/steps_order.hpp"

namespace cnn {

// How far apart the two accuracies of a pair are, and in how many answers
// its networks differ: the mean over some pairs, and the most.
struct PairGaps {
  double mean = 0, most = 0;
  double mean_answers = 0;
  int most_answers = 0;
};

inline PairGaps gaps_of(const std::vector<Twins>& pairs) {
  PairGaps gaps;
  const auto count = static_cast<double>(pairs.size());
  for (const Twins& pair : pairs) {
    const double gap = std::abs(pair.accuracy[0] - pair.accuracy[1]);
    gaps.mean += gap / count;
    gaps.most = std::max(gaps.most, gap);
    gaps.mean_answers += pair.other_answers / count;
    gaps.most_answers = std::max(gaps.most_answers, pair.other_answers);
  }
  return gaps;
}

// One kind of network, and the function that trains a pair of it.
struct PairKind {
  std::string words;
  Architecture layers;
  std::function<Twins(const TwinSettings&, const Split&, const AfterStep&)>
      train;
};

inline std::vector<PairKind> pair_kinds() {
  return {
      {"Chapter 06's network, which chooses", digit_network, compute_twins},
      {"Linear: no ReLU, and the mean of each window",
       without_choices(digit_network), compute_twins},
      {"Smooth but not linear: x / root(1 + x^2) in place of ReLU, and the "
       "mean of each window",
       digit_network, compute_curved_twins}};
}

inline void print_pairs(const BrowserTour& tour,
                        const std::vector<Twins>& pairs) {
  print_table(twins_rows(tour, pairs));
  print("\n");
  const PairGaps gaps = gaps_of(pairs);
  say(
      format("The two shares of a pair differ by %.2f points on average "
             "and by %.2f at most, its answers in %.1f digits on average "
             "and in %d at most.",
             100 * gaps.mean, 100 * gaps.most, gaps.mean_answers,
             gaps.most_answers));
}

inline void twelve_pairs(BrowserTour& tour) {
  step("The same training, added up in another order, to the end");
  const int seeds = tour.program.quick() ? 2 : 4;
  const std::vector<PairKind> kinds = pair_kinds();
  say(format("Pairs as in step 4 of the tour, but from %d seeds for each "
             "kind of network, and each pair to its last step. ",
             seeds) +
      twins_columns);
  Progress progress(
      "pairs", static_cast<int>(kinds.size()) * seeds * all_steps(tour),
      "steps");
  int done = 0;
  const AfterStep go_on = [&](const TrainingStep&) {
    progress.update(++done);
    return !tour.program.interrupted();
  };
  for (const PairKind& kind : kinds) {
    std::vector<Twins> pairs;
    for (int i = 0; i < seeds; ++i) {
      TwinSettings settings = {experiment_of(tour), 0};
      settings.experiment.architecture = kind.layers;
      settings.experiment.settings.seed += static_cast<std::uint64_t>(i);
      pairs.push_back(kind.train(settings, tour.digits, go_on));
      if (tour.program.interrupted()) return;
    }
    print("\n");
    say(kind.words + ":");
    print("\n");
    print_pairs(tour, pairs);
  }
}

}  // namespace cnn
