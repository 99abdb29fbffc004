// Step 7: what becomes of one digit in this chapter.
// Book: book/10-initialization.md
#pragma once

#include <string>
#include <vector>

#include "10-initialization/figures.hpp"
#include "10-initialization/steps_tour.hpp"
#include "10-initialization/untrained_answers.hpp"
#include "common/data/story.hpp"

namespace cnn {

inline void one_digits_first_answers(StartTour& tour) {
  const Dataset& data = tour.digits.held_out;
  if (data.size() <= story_digit) return;
  constexpr int depth = 20, width = 100;
  const std::vector<int> layers = {1, 5, 10, 20};
  step("One digit's story");
  say(format(
      "Held-out digit number %d, counted from 0, is a %d. What three "
      "networks of %d layers make of it before their first step: the size "
      "of the signal, the answer and its probability. The last column "
      "counts the held-out digits, of %d, that get the same answer:",
      story_digit, data.labels[story_digit], depth, data.size()));
  print("\n");
  Rows rows = {{"start"}};
  for (const int layer : layers)
    rows[0].push_back(format("layer %d", layer));
  for (const char* head : {"says", "sure (%)", "digits"})
    rows[0].push_back(head);
  std::vector<UntrainedAnswer> all;
  for (const double gain : {1.0, 2.0, 4.0}) {
    all.push_back(compute_untrained_answer(
        {"gain " + short_text(gain), gain_start(gain)}, depth, width, data,
        story_digit, layers, tour.program.seed()));
    const UntrainedAnswer& it = all.back();
    Strings row = {it.start};
    for (const Tensor<>& signal : it.signals)
      row.push_back(
          magnitude_text(static_cast<double>(root_mean_square(signal))));
    row.push_back(std::to_string(it.said));
    row.push_back(format(
        "%.1f", 100 * static_cast<double>(it.probabilities(0, it.said))));
    row.push_back(std::to_string(it.said_of));
    rows.push_back(row);
  }
  print_table(rows);
  tour.program.figure(
      "story.png",
      untrained_figure(picture_of(data.images, story_digit),
                       data.labels[story_digit], all, layers),
      "three networks that have learned nothing: which one admits it?");
}

}  // namespace cnn
