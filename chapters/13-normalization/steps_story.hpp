// Step 12: how the other digits of a batch change one digit's probability.
// Book: book/13-normalization.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "13-normalization/steps_batches.hpp"
#include "common/data/story.hpp"

namespace cnn {

inline void one_digits_company(NormTour& tour) {
  const Dataset& data = tour.digits.held_out;
  if (data.size() <= story_digit) return;
  FastNetwork& network = after_an_epoch(tour);
  if (tour.program.interrupted()) return;
  const int label = data.labels[story_digit];
  const std::vector<int> own = indices_of(data.labels, label);
  const int others = std::min(company, static_cast<int>(own.size()) - 1);
  if (others < 1) return;
  step("One digit's story");
  const OneDigit mixed = compute_one_digit(
      network, data, story_digit, mixtures, others, tour.program.seed());
  const OneDigit alike = compute_one_digit_among_its_own(
      network, data, story_digit, mixtures, others, tour.program.seed());
  const std::vector<float> by_itself = probabilities_of(
      logits_in_training(network,
                         subset(data, std::vector{story_digit}).images),
      0);
  say(format(
      "Held-out digit number %d, counted from 0, is a %d, and the network "
      "of step 6 has never learned from it. The probability of the %d on "
      "its own in both modes, and in training mode in %d batches with %d "
      "others, drawn from all held-out digits and from the other %ds, in "
      "percent:",
      story_digit, label, label, mixtures, others, label));
  print("\n");
  const auto text = [](float share) {
    return format("%.2f", 100 * static_cast<double>(share));
  };
  const auto at = static_cast<std::size_t>(label);
  Rows rows = {
      {"asked", "lowest", "highest"},
      {"alone, evaluation mode", text(mixed.alone[at]),
       text(mixed.alone[at])},
      {"alone, training mode", text(by_itself[at]), text(by_itself[at])}};
  const auto row = [&](const std::string& name, const OneDigit& it) {
    rows.push_back({name, text(worst_company(it, label).probabilities[at]),
                    text(best_company(it, label).probabilities[at])});
  };
  row(format("with %d others", others), mixed);
  row(format("with %d other %ds", others, label), alike);
  print_table(rows);
  tour.program.figure("story.png",
                      company_story(data, by_itself, mixed, alike, label),
                      "the worst company of each kind");
}

}  // namespace cnn
