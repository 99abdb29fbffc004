// Step 6: one number that the page computes for one digit.
// Book: book/18-browser.md
#pragma once

#include <string>

#include "18-browser/figures.hpp"
#include "18-browser/steps_cell.hpp"
#include "18-browser/steps_lesson.hpp"
#include "18-browser/steps_sums.hpp"
#include "18-browser/story_cell.hpp"

namespace cnn {

inline void one_digit_on_the_page(BrowserTour& tour) {
  const Dataset& digits = tour.digits.held_out;
  if (digits.size() <= story_digit) return;
  const DigitInside it =
      digit_inside(load_network(Program::source_folder() / shipped_network),
                   shipped_network, digits, story_digit);
  const CellPlace at = largest_cell(it.outputs[0]);
  const CellArithmetic cell = cell_arithmetic(
      it.plan.architecture, it.plain(), it.picture, it.outputs, 0, at);
  step("One digit's story");
  say(format("Held-out digit number %d, counted from 0, is a %d. This is "
             "the largest number that %s makes of it, ",
             story_digit, it.label, it.plain().name(0).c_str()) +
      it.plain().name(0) + place_text(it.outputs[0], at) + ": a bias and " +
      std::to_string(cell.terms.size()) +
      " products. Maps, rows and columns are counted from 0, too. Press "
      "the cell on the page, and you see them all.");
  print("\n");
  print_table({{"", "number", "its bits"},
               number_row("the bias", cell.bias),
               number_row("with all products", cell.value)});
  print("\n");
  say(cell_verdict(it.plain().name(0), cell.value,
                   number_at(it.outputs[0], at)));
  tour.program.figure("story.png", story_cell_figure(it.picture, cell),
                      "each pixel under the frame times its weight, added "
                      "up in reading order");
}

}  // namespace cnn
