// Step 2: which pixels matter.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "06-training/scoring.hpp"
#include "09-dreaming/figures.hpp"
#include "09-dreaming/saliency_probes.hpp"
#include "09-dreaming/steps_networks.hpp"

namespace cnn {

inline void show(const Nudges& nudges, int label) {
  say(format(
      "A held-out %d; the logit of %d is %.4f. One pixel at a time becomes "
      "0.01 brighter, and the network is run again. How much does the "
      "logit change? The gradient times 0.01 predicts it. Rows and columns "
      "are counted from 0, and grey runs from 0 (black) to 1 (white):",
      label, label, nudges.logit));
  print("\n");
  Rows rows = {{"row, column", "grey", "gradient", "x 0.01", "measured"}};
  for (const Nudge& it : nudges.pixels)
    rows.push_back({format("%d, %d", it.row, it.column),
                    format("%.2f", it.grey), format("%.4f", it.gradient),
                    format("%.6f", it.predicted),
                    format("%.6f", it.measured)});
  print_table(rows);
}

// biases: those of conv1
inline void show_biases(const Tensor<>& biases) {
  const auto [least, most] = std::ranges::minmax(biases.data());
  print(
      "\n    Where everything is black, a cell of conv1 is its bias. The "
      "eight biases\n    lie between %.4f and %.4f, and ReLU turns all "
      "below 0 into 0.\n",
      static_cast<double>(least), static_cast<double>(most));
}

inline void show(const std::vector<InkTaken>& all, int digits) {
  print("\n");
  say(
      format("Ink is taken away from the %d held-out digits that are read "
             "correctly, where a gradient is largest (the network's own, "
             "the witness's, or that of the network before training) or, "
             "in the last column, at random. Here is the share that is "
             "still read correctly:",
             digits));
  print("\n");
  Rows rows = {{"inked pixels made black", "own gradient", "witness's",
                "untrained", "any"}};
  for (const InkTaken& it : all)
    rows.push_back({std::to_string(it.pixels), percent(it.by_gradient),
                    percent(it.by_witness), percent(it.by_untrained),
                    percent(it.at_random)});
  print_table(rows);
}

inline void ink_taken_away(DreamingTour& tour) {
  const Dataset known = tour.held_out.read_right();
  if (known.size() == 0) return;
  const std::vector<InkTaken> all = compute_ink_taken(
      *tour.networks.asked, *tour.networks.witness,
      *tour.networks.untrained, known, tour.program.seed());
  show(all, known.size());
  for (const InkTaken& it : all)
    if (it.pixels == 20) {
      tour.note("right_without_salient_ink",
                format("%.4f", it.by_gradient));
      tour.note("right_without_any_ink", format("%.4f", it.at_random));
    }
}

// A few digits that are read right, and the four surest mistakes.
inline std::vector<SaliencyCase> saliency_cases(const DreamingTour& tour) {
  const AnsweredDigits& held_out = tour.held_out;
  std::vector<int> chosen;
  for (const int label : {3, 7, 4, 5})
    if (const auto n = held_out.first_right(label)) chosen.push_back(*n);
  const std::vector<Mistake> wrong =
      mistakes(held_out.logits, held_out.digits.labels);
  for (std::size_t i = 0; i < std::min<std::size_t>(4, wrong.size()); ++i)
    chosen.push_back(wrong[i].image);
  std::vector<SaliencyCase> cases;
  for (const int n : chosen)
    cases.push_back(compute_saliency(*tour.networks.asked, held_out, n));
  return cases;
}

// ---- 2. Saliency -------------------------------------------------------

inline void which_pixels_matter(DreamingTour& tour) {
  step("Saliency: which pixels matter?");
  say("We go backward not to the weights but to the pixels: how does the "
      "logit of one class change with each of them?");
  print("\n");
  FastNetwork& network = *tour.networks.asked;
  const int n = tour.held_out.first_right(3).value_or(0);
  const int label = tour.held_out.truth(n);
  show(compute_nudges(network, tour.held_out.digit(n), label), label);
  show_biases(network.parameters()[1]->value);
  ink_taken_away(tour);
  tour.program.figure("saliency.png", saliency_figure(saliency_cases(tour)),
                      "orange: a brighter pixel raises this logit; blue: "
                      "it lowers it");
}

}  // namespace cnn
