// Chapter 01: numbers, a shape, and strides.
#include <stdexcept>
#include <string>
#include <vector>

#include "01-tensor/figures.hpp"
#include "01-tensor/layout.hpp"
#include "01-tensor/neighbours.hpp"
#include "01-tensor/scene.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {
namespace {

void show_two_axes() {
  step("Six numbers with a shape");
  const Tensor<> table({2, 3}, {10, 11, 12, 20, 21, 22});
  print("    In memory the numbers stand in a row:\n\n");
  print_matrix(table.reshaped({6}), 0);
  print("\n    The shape %s says: read them as 2 rows of 3.\n\n",
        to_string(table.shape()).c_str());
  print_matrix(table, 0);
  print(
      "\n    The strides %s say how far the next number lies along each "
      "axis:\n    a row further is 3 numbers on, a column further is 1.\n",
      to_string(table.strides()).c_str());
  print("    Element (1, 2) lies at 1 x 3 + 2 x 1 = %d and is %.0f.\n",
        static_cast<int>(table.offset(1, 2)),
        static_cast<double>(table(1, 2)));
}

// 67 = 1 x 60 + 0 x 20 + 1 x 5 + 2 x 1: an index times the strides.
std::string as_sum(const std::vector<int>& index,
                   const std::vector<int>& strides) {
  std::string sum;
  for (std::size_t axis = 0; axis < index.size(); ++axis)
    sum += (axis == 0 ? "" : " + ") + std::to_string(index[axis]) + " x " +
           std::to_string(strides[axis]);
  return sum;
}

void show_four_axes(int place) {
  step("Four axes: images, channels, rows, columns");
  const Tensor<> batch({2, 3, 4, 5});
  print(
      "    A batch of 2 images with 3 channels of 4 rows and 5 columns has "
      "shape\n    (N, C, H, W) = %s and %d numbers.\n\n",
      to_string(batch.shape()).c_str(), batch.size());
  print(
      "    Each stride is the stride behind it times the extent behind "
      "it:\n\n"
      "        x: 1    y: 1 x 5 = 5    c: 5 x 4 = 20    n: 20 x 3 = 60\n\n"
      "    The tensor says %s.\n",
      to_string(batch.strides()).c_str());
  print(
      "    The last element (1, 2, 3, 4) lies at\n"
      "    %s = %d, the last of %d places.\n",
      as_sum({1, 2, 3, 4}, batch.strides()).c_str(),
      static_cast<int>(batch.offset(1, 2, 3, 4)), batch.size());
  const std::vector<int> index = index_of(place, batch.shape());
  print(
      "    And back: place %d holds element %s, since\n"
      "    %d = %s.\n",
      place, to_string(index).c_str(), place,
      as_sum(index, batch.strides()).c_str());
}

void show_memory(Program& program) {
  step("What that looks like in memory");
  print(
      "    The same for a smaller batch, cell by cell. Neighbours in a row "
      "are\n    neighbours in memory; neighbours in a column are a whole "
      "row apart.\n");
  program.figure("memory-strip.svg", MemoryStrip().svg(),
                 "rows in two shades, channels under brackets, a line per "
                 "image; the coloured cell is worked out below the strips");
}

// A digit's grey levels from 0 to 9, a character each.
void print_levels(const Tensor<>& digit) {
  for (int y = 0; y < digit.extent(0); ++y) {
    std::string row;
    for (int x = 0; x < digit.extent(1); ++x) {
      const float level = digit(y, x) * 9.0f + 0.5f;
      row += (x == 0 ? "" : " ") + std::to_string(static_cast<int>(level));
    }
    print("    %s\n", row.c_str());
  }
}

void show_digit(const Dataset& digits) {
  step("A handwritten digit is a grid of numbers");
  const Tensor<> digit = channel(item(digits.images, 0), 0);
  print(
      "    The first digit of the data, a %d, has shape %s: 0 is blank, "
      "1 is\n    full ink. Its levels in steps of a ninth:\n\n",
      digits.labels[0], to_string(digit.shape()).c_str());
  print_levels(digit);
  print("\n    The same numbers as a picture:\n\n");
  print_digit(digit);
}

void show_reshape(const Dataset& digits) {
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
      "for\n    whatever is left over.) Twelve numbers cannot be read as "
      "5 x 3:\n\n");
  try {
    row.reshaped({5, 3});
  } catch (const std::invalid_argument& error) {
    print("        %s\n\n", error.what());
  }
  const Tensor<> digit = item(digits.images, 0);
  const Tensor<> flat = digit.reshaped({-1});
  print(
      "    A digit %s flattened is %s, every number at its "
      "place: the\n    largest difference is %.0f.\n",
      to_string(digit.shape()).c_str(), to_string(flat.shape()).c_str(),
      static_cast<double>(
          max_abs_difference(flat.reshaped(digit.shape()), digit)));
}

void show_channels(Program& program) {
  step("A colour picture is three grids");
  const Tensor<> scene = little_scene();
  print(
      "    This program draws a picture of shape %s: channels, "
      "rows,\n    columns. One dot of the roof, row 20, column 36:\n\n",
      to_string(scene.shape()).c_str());
  print_table({{"", "red", "green", "blue"},
               {"scene(c, 20, 36)",
                format("%.2f", static_cast<double>(scene(0, 20, 36))),
                format("%.2f", static_cast<double>(scene(1, 20, 36))),
                format("%.2f", static_cast<double>(scene(2, 20, 36)))}});
  print(
      "\n    From each of them to the next it is %d places: a whole "
      "channel "
      "of\n    48 x 64.\n",
      scene.strides()[0]);
  program.figure(
      "channels.png", channels_figure(scene),
      "the red roof is bright in the red channel and dark in the "
      "other two; the white of a grey tile is 'much of it'");
}

// The share of the asked images whose nearest known image has their label.
double nearest_accuracy(const Dataset& asked, const Dataset& known,
                        const std::vector<int>& nearest) {
  int right = 0;
  for (std::size_t n = 0; n < nearest.size(); ++n)
    right += asked.labels[n] ==
             known.labels[static_cast<std::size_t>(nearest[n])];
  return static_cast<double>(right) / asked.size();
}

void show_permutation(Program& program, const Split& digits) {
  step("What a flat vector does not know");
  const Dataset known = first(digits.train, program.quick() ? 200 : 2000);
  const Dataset asked = first(digits.held_out, program.quick() ? 50 : 500);
  const std::vector<int> order = pixel_permutation(28 * 28, program.seed());
  const Tensor<> known_after = permute_pixels(known.images, order);
  const Tensor<> asked_after = permute_pixels(asked.images, order);
  print(
      "    Every digit's 784 pixels are put in one other order, the same "
      "for all.\n    Then each of %d digits looks for the nearest of %d "
      "others, the one\n    with the least sum of squared differences, "
      "place "
      "by place:\n\n",
      asked.size(), known.size());
  const std::vector<int> before =
      nearest_neighbours(asked.images, known.images);
  const std::vector<int> after =
      nearest_neighbours(asked_after, known_after);
  int same = 0;
  for (std::size_t n = 0; n < before.size(); ++n)
    same += before[n] == after[n];
  const double share_before = nearest_accuracy(asked, known, before);
  const double share_after = nearest_accuracy(asked, known, after);
  print_table({{"", "as they are", "permuted"},
               {"nearest digit has the same label",
                format("%.1f %%", 100 * share_before),
                format("%.1f %%", 100 * share_after)},
               {"mean difference of pixels side by side",
                format("%.3f", neighbour_difference(asked.images)),
                format("%.3f", neighbour_difference(asked_after))}});
  print(
      "\n    %d of %d found the very same neighbour. To whatever looks at "
      "a "
      "flat\n    vector both pictures are equally good; that pixels side "
      "by "
      "side are\n    alike, which the eye lives on, it has never known.\n",
      same, asked.size());
  program.report("nearest_neighbour_accuracy",
                 format("%.4f", share_before));
  program.report("nearest_neighbour_accuracy_permuted",
                 format("%.4f", share_after));
  program.figure(
      "permuted.png", permuted_figure(known, known_after),
      "above what we read, below what a flat vector is: the same "
      "numbers");
}

void tour(Program& program) {
  const Split digits = load_digits(program.data());
  show_two_axes();
  show_four_axes(program.integer("place"));
  show_memory(program);
  show_digit(digits.train);
  show_reshape(digits.train);
  show_channels(program);
  show_permutation(program, digits);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("01-tensor", "numbers, a shape and strides");
  program.integer("place", 67, 0, 119,
                  "the place in memory that step 2 turns into an index");
  return program.run(argc, argv, cnn::tour);
}
