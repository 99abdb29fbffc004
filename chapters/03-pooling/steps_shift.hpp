// Steps 6, 8 and 9: a digit takes one step to the right, and what pooling
// makes of that.
// Book: book/03-pooling.md
#pragma once

#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "03-pooling/figures.hpp"
#include "03-pooling/shift_changes.hpp"
#include "03-pooling/steps_windows.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 6. A step to the right --------------------------------------------

// The top row of a map (1, 1, H, W): "1 3 9 4 | 0 2 7 1" with `group` 4.
inline std::string top_row(const Tensor<>& map, int group) {
  std::string text;
  for (int x = 0; x < map.extent(3); ++x) {
    if (x > 0) text += x % group == 0 ? " | " : " ";
    text += number(static_cast<double>(map(0, 0, 0, x)), 0);
  }
  return text;
}

inline void show(const RowStudy& study) {
  const int window = study.pooling.window, maxima = study.pooled.extent(3);
  print_table(
      {{"", format("one row, in windows of %d", window), "their maxima"},
       {"before", top_row(study.row, window),
        top_row(study.pooled, maxima)},
       {"after", top_row(study.moved, window),
        top_row(study.moved_pooled, maxima)}});
  print("\n    cells that change: %d of %d, maxima: %d of %d\n\n",
        study.cells_changed(), study.row.extent(3), study.maxima_changed(),
        maxima);
}

inline void show(const ShiftStudy& study) {
  Rows rows = {{"max-pooling", "inked that change", "digit by digit",
                "relative change"}};
  for (std::size_t i = 0; i < study.ways.size(); ++i)
    rows.push_back({study.ways[i].name,
                    percent(study.changes[i].share_of_inked(), 1),
                    percent(study.digit_by_digit[i], 1),
                    percent(study.changes[i].relative_l2, 1)});
  print_table(rows);
  say(std::string(
          "\nThe first share counts the inked cells of all the digits "
          "together; digit by digit, it is the mean of each digit's own "
          "share. The relative change is the length of the difference "
          "divided by the length of the picture, where a length is the "
          "root of a sum of squares.") +
      (study.all_fall()
           ? " All three fall: by each of these measures, the larger the "
             "window, the less it matters where in the window the ink was."
           : ""));
}

// Shows the first share relative to no pooling, and what chance would give.
inline void show_factors(const ShiftStudy& study) {
  say("\nA window of K cells sees K + 1 columns before or after the step. "
      "If its brightest cell were equally likely to be in each of them, 2 "
      "of these K + 1 columns would make a difference. Here is the share "
      "of the inked cells that change, divided by what it is without "
      "pooling:\n\n");
  Rows rows = {{"max-pooling", "of unpooled", "2 / (K + 1)"}};
  for (std::size_t i = 1; i < study.ways.size(); ++i)
    rows.push_back({study.ways[i].name, number(study.of_unpooled(i), 2),
                    number(study.of_unpooled_by_chance(i), 2)});
  print_table(rows);
}

// Shows whether it matters which way the digits move.
inline void show_directions(const Tensor<>& digits) {
  const std::vector<NamedPooling> ways = pooling_ways();
  say("\nThe share of inked cells that change, for a step in each "
      "direction:\n\n");
  Rows rows = {{"max-pooling"}};
  for (const NamedPooling& way : ways) rows.push_back({way.name});
  const auto add = [&](const std::string& name, int down, int right) {
    const auto changes =
        changes_under(ways, digits, shifted(digits, down, right));
    rows[0].push_back(name);
    for (std::size_t i = 0; i < ways.size(); ++i)
      rows[i + 1].push_back(percent(changes[i].share_of_inked(), 1));
  };
  add("right", 0, 1);
  add("left", 0, -1);
  add("down", 1, 0);
  add("up", -1, 0);
  print_table(rows);
}

// digits (N, 1, H, W), digit (1, 1, H, W): the one to be drawn
inline void one_step_to_the_right(Program& program, const ShiftStudy& study,
                                  const Tensor<>& digits,
                                  const Tensor<>& digit) {
  step("A digit takes one step to the right");
  say("Before a whole digit, one row of a map whose rows are all alike, "
      "and the windows of max-pooling by 4. The step leaves the last "
      "column behind, and a 0 comes in at the left:\n\n");
  show(study_row());
  say(
      format("All %d held-out digits are moved one pixel to the right. To "
             "us they are the same digits; how different are they to a "
             "program that compares cell by cell? A cell is inked if it "
             "is above 0.1 before or after the move. It has changed if "
             "its two values differ by more than 0.1.\n\n",
             digits.extent(0)));
  show(study);
  show_factors(study);
  show_directions(digits);
  program.figure(
      "shift.png",
      shift_figure(digit, shifted(digit, 0, 1),
                   {study.ways[0], study.ways[1], study.ways[3]}),
      "in the right column, blue marks ink that has gone and orange marks "
      "ink that is new");
}

// ---- 8. The window, not the size ---------------------------------------

inline std::string cause_verdict(const CauseStudy& study) {
  std::string text =
      study.window_is_the_cause()
          ? "\nIt is the window: the stride alone buys nothing. "
          : "\nThe window is not what makes the difference here. ";
  text +=
      "And the two kinds of pooling buy different things. A maximum stays "
      "what it was unless its brightest cell leaves the window or a "
      "brighter one comes in; a mean changes with every cell that comes or "
      "goes.";
  if (study.mean_spreads_the_change())
    text +=
        " So under the mean more inked cells change, at 2 x 2 even more "
        "than with no pooling, though the difference as a whole is no "
        "larger than under the maximum.";
  return text;
}

inline void window_or_size(const Tensor<>& digits) {
  step("Is it the window, or only the smaller map?");
  say("A stride without a window also makes the map smaller: every 2nd or "
      "every 4th cell is kept, the others are never looked at. And a "
      "window with stride 1 keeps the map large. Here is the same step to "
      "the right, with the maximum and with the mean of each window: first "
      "the share of the inked cells that change, then the relative "
      "change.\n\n");
  const CauseStudy study = study_cause(digits);
  Rows rows = {{"pooling", "inked, max", "inked, mean", "relative, max",
                "relative, mean"}};
  for (const MaxAndMean& it : study.cases)
    rows.push_back({it.name, percent(it.of_max.share_of_inked(), 1),
                    percent(it.of_mean.share_of_inked(), 1),
                    percent(it.of_max.relative_l2, 1),
                    percent(it.of_mean.relative_l2, 1)});
  print_table(rows);
  say(cause_verdict(study));
}

// ---- 9. The other share ------------------------------------------------

inline void share_of_all_cells(Program& program, const ShiftStudy& study,
                               int digits) {
  step("The share of all cells");
  say("Now count the blank cells too:\n\n");
  Rows rows = {{"max-pooling", "cells", "inked", "inked that change",
                "all that change"}};
  for (std::size_t i = 0; i < study.ways.size(); ++i) {
    const Change& change = study.changes[i];
    rows.push_back({study.ways[i].name,
                    std::to_string(change.cells / digits),
                    percent(change.share_inked(), 1),
                    percent(change.share_of_inked(), 1),
                    percent(change.share_of_all(), 1)});
  }
  print_table(rows);
  say(std::string(
          "\nThe last column is the product of the two before it. ") +
      (study.inked_share_rises()
           ? "One of them falls, the other rises: a window is inked as "
             "soon as one of its cells is, so a pooled map has a larger "
             "share of inked cells and fewer blank ones to water the "
             "number down. "
           : "") +
      "Blank cells do not change whatever is done; a share that counts "
      "them mostly measures how empty the picture is.");
  program.figure("change.svg", change_figure(study.ways, study.changes),
                 "compare the first two bars of each group with the third, "
                 "which counts blank cells, too");
}

// Reports the changes under every way of pooling; the first number is the
// headline.
inline void report(Program& program, const std::vector<Change>& changes) {
  const auto add = [&](const std::string& name, double value) {
    program.report(name, number(value, 4));
  };
  add("inked_changed_4x4", changes[3].share_of_inked());
  const std::vector<std::string> names = {"unpooled", "2x2", "3x3_stride_2",
                                          "4x4"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 3)
      add("inked_changed_" + names[i], changes[i].share_of_inked());
    add("relative_change_" + names[i], changes[i].relative_l2);
    add("all_changed_" + names[i], changes[i].share_of_all());
  }
}

}  // namespace cnn
