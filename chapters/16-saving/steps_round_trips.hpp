// Step 3: what is left of a network that was written and read again.
// Book: book/16-saving.md
#pragma once

#include <string>
#include <vector>

#include "16-saving/round_trips.hpp"
#include "16-saving/steps_shared.hpp"

namespace cnn {

inline Strings trip_row(const RoundTrip& trip) {
  return {trip.format_name,
          grouped(trip.bytes),
          grouped(trip.numbers_changed),
          grouped(trip.logits_changed),
          format("%.1g", trip.largest_change),
          std::to_string(trip.answers_changed)};
}

// ---- 3. Round trips ----------------------------------------------------

inline void round_trips(SavingTour& tour) {
  step("There and back");
  const int images = tour.digits.held_out.size();
  say("The network is written, read again, and asked about the " +
      grouped(images) +
      " held-out digits. How many of its numbers and of its logits (ten "
      "for each image) differ in any bit, by how much do the logits "
      "differ, and how many answers change? In a text, '3 digits' means 3 "
      "significant digits of each number. Bytes are those of the numbers "
      "alone.");
  print("\n");
  const std::vector<RoundTrip> trips = compute_round_trips(
      tour.file, tour.plan, tour.digits.held_out.images);
  Rows rows = {{"numbers kept as", "bytes", "numbers", "logits", "by up to",
                "answers"}};
  for (const RoundTrip& trip : trips) rows.push_back(trip_row(trip));
  print_table(rows);
  tour.program.report("logits_changed",
                      std::to_string(trips[0].logits_changed));
}

}  // namespace cnn
