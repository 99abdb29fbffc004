// Steps 4 to 7: a digit, a reshape, a picture in colour, and what a flat
// vector does not know.
// Book: book/01-tensor.md
#pragma once

#include <string>

#include "01-tensor/figures.hpp"
#include "01-tensor/layout.hpp"
#include "01-tensor/permuted_digits.hpp"
#include "01-tensor/scene.hpp"
#include "01-tensor/steps_refusal.hpp"
#include "common/data/dataset.hpp"
#include "common/data/story.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// ---- 4. A digit --------------------------------------------------------

// Prints a digit's grey levels, from 0 to 9, one character each.
inline void print_levels(const Tensor<>& digit) {
  for (int y = 0; y < digit.extent(0); ++y) {
    std::string row;
    for (int x = 0; x < digit.extent(1); ++x) {
      const float level = digit(y, x) * 9.0f + 0.5f;
      row += (x == 0 ? "" : " ") + std::to_string(static_cast<int>(level));
    }
    print("    %s\n", row.c_str());
  }
}

inline void a_digit_is_a_grid(Program& program, const Dataset& held_out) {
  step("A handwritten digit is a grid of numbers");
  const Tensor<> digit = channel(item(held_out.images, story_digit), 0);
  say(
      format("The digit that this book follows is a %d, number %d of those "
             "that are held out, counted from 0. It has shape %s; 0 is "
             "blank, 1 is full ink. Here are its pixels, rounded to ninths "
             "and written as 0 to 9:\n\n",
             held_out.labels[story_digit], story_digit,
             to_string(digit.shape()).c_str()));
  print_levels(digit);
  print("\n    The same numbers as a picture:\n\n");
  print_digit(digit);
  program.figure(
      "story.png", story_pixels_figure(digit),
      format("the %d pixels in the frame are enlarged on the right, each "
             "with the number that its file keeps, from 0 to 255",
             story_pixels * story_pixels));
}

// ---- 5. A reshape ------------------------------------------------------

inline void a_reshape_moves_nothing(const Dataset& digits) {
  step("A reshape moves nothing");
  const Tensor<> row({12}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  for (const Shape& shape : {Shape{2, 6}, Shape{3, 4}, Shape{4, -1}}) {
    const Tensor<> again = row.reshaped(shape);
    print("    reshaped(%s) has shape %s and strides %s:\n\n",
          to_string(shape).c_str(), to_string(again.shape()).c_str(),
          to_string(again.strides()).c_str());
    print_matrix(again, 0, "        ");
    print("\n");
  }
  print(
      "    Each is 0 to 11 in memory; only the reading differs. (-1 stands "
      "for\n    whatever is left over.) Twelve numbers cannot be read as 5 "
      "x 3:\n\n");
  print("        %s\n\n", refusal_of([&] {
                            row.reshaped({5, 3});
                          }).c_str());
  const Tensor<> digit = item(digits.images, 0);
  const Tensor<> flat = digit.reshaped({-1});
  print(
      "    A digit of shape %s, flattened, has shape %s and keeps\n    "
      "every number in its place: the largest difference is %.0f.\n",
      to_string(digit.shape()).c_str(), to_string(flat.shape()).c_str(),
      static_cast<double>(
          max_abs_difference(flat.reshaped(digit.shape()), digit)));
}

// ---- 6. Colours --------------------------------------------------------

inline void a_colour_picture(Program& program) {
  step("A colour picture is three grids");
  const Tensor<> scene = little_scene();
  print(
      "    This program draws a picture of shape %s: channels, rows,\n    "
      "columns. One pixel of the roof, row 20, column 36:\n\n",
      to_string(scene.shape()).c_str());
  print_table({{"", "red", "green", "blue"},
               {"scene(c, 20, 36)",
                format("%.2f", static_cast<double>(scene(0, 20, 36))),
                format("%.2f", static_cast<double>(scene(1, 20, 36))),
                format("%.2f", static_cast<double>(scene(2, 20, 36)))}});
  print("\n");
  say(format("The three lie %d places apart, a whole channel of %d x %d.",
             scene.strides()[0], scene.extent(1), scene.extent(2)));
  program.figure(
      "channels.png", channels_figure(scene),
      "the red roof is bright in the red channel and dark in the other "
      "two; in the grey tiles, white means a lot of that colour");
}

// ---- 7. A permutation --------------------------------------------------

inline void show(const PermutationStudy& study) {
  print_table({{"", "as they are", "permuted"},
               {"nearest digit has the same label",
                percent(study.before.accuracy, 1),
                percent(study.after.accuracy, 1)},
               {"mean difference of pixels side by side",
                format("%.3f", study.before.neighbour_difference),
                format("%.3f", study.after.neighbour_difference)}});
  print("\n    %d of %d found the very same neighbour. ",
        study.same_neighbour, study.asked);
  if (study.flat_vector_sees_no_difference())
    print(
        "To a program that compares\n    flat vectors place by place, both "
        "orders look the same. It never knew\n    that pixels side by "
        "side are alike, which is what your eye relies on.\n");
  else
    print(
        "The others did not, which\n    rounding alone does not "
        "explain.\n");
}

inline void what_a_flat_vector_knows(Program& program,
                                     const Split& digits) {
  step("What a flat vector does not know");
  const Dataset known = first(digits.train, program.quick() ? 200 : 2000);
  const Dataset asked = first(digits.held_out, program.quick() ? 50 : 500);
  say(format(
      "Every digit's %d pixels are permuted, which means put into a new "
      "order, the same for all. Then each of %d digits looks for the "
      "nearest of %d others, the one with the smallest sum of squared "
      "differences, place by place:\n\n",
      known.images.size() / known.size(), asked.size(), known.size()));
  const PermutationStudy study =
      study_permutation(asked, known, program.seed());
  show(study);
  const auto nearest =
      static_cast<std::size_t>(study.before.nearest[story_digit]);
  print("    The %d of step 4 is nearest to a %d and is read as one.\n",
        asked.labels[story_digit], known.labels[nearest]);
  program.report("nearest_neighbour_accuracy",
                 format("%.4f", study.before.accuracy));
  program.report("nearest_neighbour_accuracy_permuted",
                 format("%.4f", study.after.accuracy));
  program.figure(
      "permuted.png", permuted_figure(known, study.known_after),
      "above: digits as we see them; below: the same numbers in the new "
      "order, no different to a program that compares flat vectors");
}

}  // namespace cnn
