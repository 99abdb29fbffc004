// Step 2: MNIST's rule, by hand and for all digits.
// Book: book/17-handwriting.md
#pragma once

#include <string>

#include "17-handwriting/figures.hpp"
#include "17-handwriting/placing_rule.hpp"
#include "17-handwriting/steps_digits.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline void centre_by_hand() {
  const Tensor<> letter({3, 3}, {1, 0, 0, 1, 0, 0, 1, 1, 0});
  const Point centre = centre_of_mass(letter).value();
  print_matrix(letter, 0);
  print(
      "\n    row    (0.5 + 1.5 + 2.5 + 2.5) / 4 = %.2f\n"
      "    column (0.5 + 0.5 + 0.5 + 1.5) / 4 = %.2f\n",
      centre.y, centre.x);
}

inline void show_rule(const PlacingRule& rule) {
  print("\n");
  print_table({{"centre of mass", "least", "mean", "most"},
               {"row", format("%.5f", rule.least.y),
                format("%.2f", rule.mean.y), format("%.5f", rule.most.y)},
               {"column", format("%.5f", rule.least.x),
                format("%.2f", rule.mean.x), format("%.5f", rule.most.x)}});
  print("\n");
  Rows sides = {{"longer side, pixels", "digits"}};
  for (const auto& [side, digits] : rule.longest)
    sides.push_back({std::to_string(side), grouped(digits)});
  print_table(sides);
  print("\n    Recentred: %s of %s digits stay where they are.\n",
        grouped(rule.stay).c_str(), grouped(rule.digits).c_str());
  print(
      "    Moved by up to %d pixels each way, then recentred: %s cases.\n",
      rule.pixels, grouped(rule.moves).c_str());
  print(
      "    In %s of them, ink was lost at an edge. Of the other %s,\n"
      "    the rule brought %s back to exactly what they were.\n",
      grouped(rule.lose_ink).c_str(),
      grouped(rule.moves - rule.lose_ink).c_str(),
      grouped(rule.come_back).c_str());
}

inline void the_rule(HandwritingTour& tour) {
  step("MNIST's rule, measured");
  say("MNIST's rule: the longer side of a digit has 20 pixels, and moves "
      "by whole pixels bring its centre of mass to between 14 and 15. "
      "Here, by hand, is the centre of mass of a letter of four inked "
      "cells. The top left corner of the picture is at 0, so the first "
      "cell's middle is at 0.5:");
  print("\n");
  centre_by_hand();
  const PlacingRule rule = compute_placing_rule(tour.digits, 4);
  print("\n    The same for all %s digits of the set:\n",
        grouped(rule.digits).c_str());
  show_rule(rule);
  print("\n");
  tour.program.figure("rule.png", rule_figure(tour.digits.held_out),
                      "the box's longer side has 20 pixels; where is the "
                      "cross, the centre of mass?");
}

}  // namespace cnn
