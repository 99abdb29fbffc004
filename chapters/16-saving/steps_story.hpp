// Step 8: one digit, read by what is left of a network.
// Book: book/16-saving.md
#pragma once

#include <string>
#include <vector>

#include "16-saving/bit_flips.hpp"
#include "16-saving/figures.hpp"
#include "16-saving/round_trips.hpp"
#include "16-saving/steps_shared.hpp"
#include "common/data/story.hpp"

namespace cnn {

// A range of a number's bits, and what they are for.
struct BitField {
  const char* name;
  int first, last;
};
inline constexpr BitField float_fields[] = {
    {"fraction, bits 0 to 22", 0, 22},
    {"exponent, bits 23 to 29", 23, 29},
    {"exponent, bit 30", 30, 30},
    {"sign, bit 31", 31, 31}};

inline void print_bit_flips(const std::vector<BitFlips>& flips) {
  Rows rows = {{"one bit flipped", "files", "refused", "same answer",
                "not the same"}};
  for (const BitField& field : float_fields) {
    int same = 0, other = 0, refused = 0;
    for (const BitFlips& it : flips)
      if (it.bit >= field.first && it.bit <= field.last) {
        same += it.same;
        other += it.other;
        refused += it.refused;
      }
    rows.push_back({field.name, grouped(same + other + refused),
                    grouped(refused), grouped(same), grouped(other)});
  }
  print_table(rows);
}

inline void one_digit_from_files(SavingTour& tour) {
  if (tour.digits.held_out.size() <= story_digit) return;
  step("One digit's story");
  const Dataset one =
      subset(tour.digits.held_out, std::vector{story_digit});
  FastNetwork network(tour.plan.architecture, tour.plan.image);
  load_parameters(tour.file, network, shipped_network);
  const Tensor<> logits = network.forward(one.images, Mode::evaluation);
  const int said = answer(logits, 0);
  const int next = runner_up(logits, 0, said);
  say(format(
      "Held-out digit number %d, counted from 0, is a %d. The shipped "
      "network gives a %d the largest logit, %.4f, and a %d the next, "
      "%.4f. The same digit, read by the networks that come back from "
      "their files:",
      story_digit, one.labels[0], said,
      static_cast<double>(logits(0, said)), next,
      static_cast<double>(logits(0, next))));
  print("\n");
  Rows rows = {{"numbers kept as", "logits changed", "by up to", "answer"}};
  for (const RoundTrip& trip :
       compute_round_trips(tour.file, tour.plan, one.images))
    rows.push_back({trip.format_name, std::to_string(trip.logits_changed),
                    format("%.1g", trip.largest_change),
                    trip.answers_changed == 0 ? "the same" : "another"});
  print_table(rows);
  print("\n");
  const std::string tensor = "conv1.weight";
  const std::vector<BitFlips> flips =
      compute_bit_flips(tour.file, tour.plan, tensor, one.images);
  say("And with a single bit of the file flipped, each of the 32 in every "
      "number of " +
      tensor +
      ", one at a time. A number that is no longer finite is refused:");
  print("\n");
  print_bit_flips(flips);
  print("\n");
  tour.program.figure("story.png",
                      bits_figure(one.images.reshaped({28, 28}), flips),
                      "which of the 32 bits can cost the answer?");
}

}  // namespace cnn
