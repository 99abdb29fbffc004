// Step 10: two pictures that pooling cannot tell apart.
// Book: book/03-pooling.md
#pragma once

#include <string>

#include "02-convolution/pictures.hpp"
#include "03-pooling/figures.hpp"
#include "03-pooling/look_alikes.hpp"
#include "03-pooling/steps_windows.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline void show(const StrokeAndDots& it) {
  say("A stroke of 8 cells and a scatter of 4 dots, one in each window "
      "that the stroke crosses:\n\n");
  print_matrix(plane(it.stroke), 0);
  print("\n");
  print_matrix(plane(it.dots), 0);
  const Tensor<> pooled = max_pool(it.stroke);
  say(format(
      "\nAfter max-pooling by 2 x 2 their largest difference is %.0f. Both "
      "are now:\n\n",
      static_cast<double>(max_abs_difference(pooled, max_pool(it.dots)))));
  print_matrix(plane(pooled), 0);
}

inline void show(const RotatedDigit& it) {
  print_table({{"the digit against its rotated windows", "difference"},
               {"inked cells that differ, of all inked",
                percent(it.inked_that_differ, 1)},
               {"the largest in a cell, after max 4",
                number(static_cast<double>(it.after_max), 4)},
               {"the largest in a cell, after mean 4",
                number(static_cast<double>(it.after_mean), 4)}});
}

// digit (1, 1, H, W)
inline void what_is_lost(Program& program, const Tensor<>& digit) {
  step("What is lost");
  const StrokeAndDots pair;
  const auto& [stroke, dots] = pair;
  show(pair);
  say(
      format("\nThe mean would tell these two apart: in the first window "
             "it is %.2f for the stroke and %.2f for the dots. But it does "
             "not help when each window keeps its numbers and only their "
             "places change: here a digit is cut into windows of 4 x 4 "
             "cells, and each is rotated by 180 degrees where it lies.\n\n",
             static_cast<double>(average_pool(stroke)(0, 0, 0, 0)),
             static_cast<double>(average_pool(dots)(0, 0, 0, 0))));
  const RotatedDigit it = rotate_digit(digit);
  show(it);
  say("\nNothing that comes after the pooling can ever tell them apart. "
      "Pooling is a wager that 'where exactly' does not matter.");
  program.figure("lost.png", lost_figure(stroke, dots, digit, it.rotated),
                 "in each row two different pictures, then what pooling "
                 "leaves of both");
}

}  // namespace cnn
