// Step 7: from one digit to another.
// Book: book/09-dreaming.md
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "09-dreaming/figures.hpp"
#include "09-dreaming/morphing.hpp"
#include "09-dreaming/steps_networks.hpp"

namespace cnn {

inline std::vector<std::string> table_row(const Morph& it) {
  const double ratio = it.straight_turn / it.gradient_turn;
  const bool both =
      std::isfinite(it.straight_turn) && std::isfinite(it.gradient_turn);
  return {format("%d, %d", it.from, it.towards),
          size_text(it.straight_turn),
          format("%.3f", it.straight.distances.back()),
          size_text(it.gradient_turn), both ? format("%.1f", ratio) : "-"};
}

inline void draw(Program& program, const Morph& it) {
  program.figure(
      "morphing.png", morphing_figure(it),
      it.gradient_turn < it.straight_turn
          ? "straight: a real 8 appears; gradient: the answer turns while "
            "the picture is a 3 with smudges"
          : "straight: a real 8 appears; gradient: is it still a 3?");
  program.figure("morphing.svg", morphing_curves(it),
                 1.5 * it.gradient_turn < it.straight_turn
                     ? "along the gradient the answer turns much earlier"
                     : "on which way does the answer turn earlier?");
  print("\n");
}

// ---- 7. Morphing -------------------------------------------------------

inline void morphing(DreamingTour& tour) {
  step("From one digit to another");
  say("There are two ways from one held-out digit to another class: in a "
      "straight line to a digit of that class, one fading into the other, "
      "and along the gradient of the difference of the two logits, in "
      "steps of 0.01. How far does each go (as the root mean square of the "
      "pixels' change) until the answer turns? In the table, 'of' is the "
      "length of the whole straight way, and 'ratio' says how many times "
      "as far the straight way goes as the gradient's before the answer "
      "turns.");
  print("\n");
  Rows rows = {{"from, to", "straight: turns at", "of",
                "gradient: turns at", "ratio"}};
  for (const auto& [from, towards] :
       std::vector<std::pair<int, int>>{{3, 8}, {4, 9}, {1, 7}, {0, 6}}) {
    const auto first = tour.held_out.first_right(from);
    const auto last = tour.held_out.first_right(towards);
    if (!first || !last) {
      print("    No held-out %d is read right.\n", first ? towards : from);
      continue;
    }
    const Morph morph =
        compute_morph(*tour.networks.asked, tour.held_out.digit(*first),
                      tour.held_out.digit(*last), from, towards,
                      tour.program.quick() ? 10 : 30);
    rows.push_back(table_row(morph));
    if (from != 3) continue;
    tour.note("straight_turn", size_text(morph.straight_turn));
    tour.note("gradient_turn", size_text(morph.gradient_turn));
    draw(tour.program, morph);
  }
  if (rows.size() > 1) print_table(rows);
}

}  // namespace cnn
