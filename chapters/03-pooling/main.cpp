// Chapter 03: keep what was found, forget where.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "02-convolution/kernels.hpp"
#include "03-pooling/figures.hpp"
#include "03-pooling/pooling.hpp"
#include "03-pooling/rotated_windows.hpp"
#include "03-pooling/shift.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {
namespace {

std::string number(double value, int decimals) {
  return format("%.*f", decimals, value);
}

// ---- 1. By hand --------------------------------------------------------

// A window's place, its numbers row by row, their maximum and their mean.
std::vector<std::string> window_row(const Tensor<>& map, const Pooling& it,
                                    int y, int x) {
  const Tensor<> largest = max_pool(map, it), mean = average_pool(map, it);
  std::string numbers;
  for (int ky = 0; ky < it.window; ++ky) {
    if (ky > 0) numbers += "  / ";
    for (int kx = 0; kx < it.window; ++kx) {
      const int row = y * it.stride + ky, column = x * it.stride + kx;
      numbers += (kx == 0 ? "" : " ") + number(map(0, 0, row, column), 0);
    }
  }
  return {format("(%d, %d)", y, x), numbers, number(largest(0, 0, y, x), 0),
          number(mean(0, 0, y, x), 2)};
}

void print_windows(const Tensor<>& map, const Pooling& it) {
  const Shape places = max_pool(map, it).shape();
  Rows rows = {{"window", "its numbers, row by row", "max", "mean"}};
  for (int y = 0; y < places[2]; ++y)
    for (int x = 0; x < places[3]; ++x)
      rows.push_back(window_row(map, it, y, x));
  print_table(rows);
}

void show_by_hand() {
  step("Sixteen numbers become four");
  const Tensor<> map({1, 1, 4, 4}, {1, 3, 0, 0,  //
                                    2, 9, 0, 4,  //
                                    5, 5, 7, 1,  //
                                    5, 1, 2, 6});
  say("A map of 4 x 4 numbers, say the answers of one kernel. A window of "
      "2 x 2 cells is laid on it, then moved on by 2 cells, so that the "
      "windows touch and do not overlap.\n\n");
  print_matrix(plane(map), 0);
  say("\nMax-pooling keeps the largest number of each window, average "
      "pooling their mean:\n\n");
  print_windows(map, {.window = 2, .stride = 2});
  say("\nPooling has no weights: nothing in it can be learned. Each "
      "channel is pooled for itself, so a batch (N, C, H, W) keeps its N "
      "and its C.");
}

// ---- 2. Window, stride -------------------------------------------------

// How many windows have this number as their largest.
int windows_won(const Tensor<>& map, const Pooling& it, float number) {
  const Tensor<> largest = max_pool(map, it);
  return static_cast<int>(
      std::count(largest.data().begin(), largest.data().end(), number));
}

void show_overlap(int stride) {
  step("Windows that overlap");
  const Tensor<> map({1, 1, 5, 5}, {1, 0, 2, 0, 1,  //
                                    0, 3, 8, 1, 0,  //
                                    2, 1, 0, 5, 4,  //
                                    0, 6, 1, 0, 2,  //
                                    1, 0, 3, 2, 0});
  const Pooling it{.window = 3, .stride = stride};
  say(
      format("The stride is how far the window moves. A window of 3 x 3 "
             "that moves by %d shares cells with its neighbours:\n\n",
             stride));
  print_matrix(plane(map), 0);
  print("\n");
  print_windows(map, it);
  say(
      format("\nThe 8 in the middle column is the largest of %d windows: "
             "a cell may win more than once.",
             windows_won(map, it, 8)));
}

void show_sizes() {
  step("How large the pooled map is");
  say("Padding is a border around the map. The size of the output follows "
      "chapter 02's formula (2.2), with the window in the place of K:\n\n");
  Rows rows = {
      {"size", "window", "stride", "padding", "(2.2)", "max_pool gave"}};
  for (const auto& [size, it] :
       std::vector<std::pair<int, Pooling>>{{28, {2, 2, 0}},
                                            {28, {3, 2, 0}},
                                            {28, {3, 2, 1}},
                                            {28, {4, 4, 0}},
                                            {7, {2, 2, 0}},
                                            {7, {3, 1, 1}}}) {
    const int by_formula =
        output_size(size, it.window, it.stride, it.padding);
    const Tensor<> pooled = max_pool(Tensor<>({1, 1, size, size}), it);
    rows.push_back({std::to_string(size), std::to_string(it.window),
                    std::to_string(it.stride), std::to_string(it.padding),
                    std::to_string(by_formula), to_string(pooled.shape())});
  }
  print_table(rows);
  say("\nWith size 7, window 2 and stride 2 the last row and the last "
      "column of cells are in no window: they are lost. Padding must be "
      "at most half the window, or a window could lie in the border "
      "alone:\n\n");
  try {
    max_pool(Tensor<>({1, 1, 4, 4}), {2, 2, 2});
  } catch (const std::invalid_argument& error) {
    print("%s", wrapped(error.what(), "        ").c_str());
  }
}

// ---- 3. Padding --------------------------------------------------------

void show_padding() {
  step("What stands in the border");
  const Tensor<> map({1, 1, 2, 2}, {-4, -3, -2, -1});
  const Pooling pooling{.window = 2, .stride = 2, .padding = 1};
  say("Four numbers, all negative, with a border of one cell around them. "
      "Each window of 2 x 2 holds one of them and three cells of "
      "border.\n\n");
  print_matrix(plane(map), 0);
  say("\nFor the maximum the border is minus infinity, which never "
      "wins:\n\n");
  print_matrix(plane(max_pool(map, pooling)), 0);
  say("\nWith a border of zeros, as a convolution has, the zeros would "
      "have won, and the numbers would be gone:\n\n");
  print_matrix(plane(max_pool(pad(map, 1))), 0);
  say("\nFor the mean the border does hold zeros, and they count as "
      "cells, so each number is divided by 4:\n\n");
  print_matrix(plane(average_pool(map, pooling)), 2);
}

// ---- 4. Before and after -----------------------------------------------

// Where the picture turns brighter from left to right; 0 elsewhere.
Tensor<> left_edges(const Tensor<>& digit) {
  Tensor<> edges = convolve(digit, sobel_x().reshaped({1, 1, 3, 3}),
                            Tensor<>({1}), 1, 1);
  for (float& answer : edges.data()) answer = std::max(answer, 0.0f);
  return edges;
}

double mean_of(const Tensor<>& map) {
  double sum = 0;
  for (const float cell : map.data()) sum += static_cast<double>(cell);
  return sum / map.size();
}

void show_before_after(Program& program, const Tensor<>& digit) {
  step("A digit and its edges, pooled");
  const Tensor<> edges = left_edges(digit);
  say("Chapter 02's Sobel x answers where a picture turns brighter from "
      "left to right; what it answers below 0 is set to 0. Here is "
      "the map of a digit's left edges, pooled in two ways and two "
      "sizes:\n\n");
  Rows rows = {{"map", "cells", "largest", "mean"}};
  const auto add = [&](const std::string& name, const Tensor<>& map) {
    rows.push_back({name, std::to_string(map.size()),
                    number(largest_magnitude(map), 2),
                    number(mean_of(map), 3)});
  };
  add("the edges", edges);
  for (const int window : {2, 4}) {
    const Pooling it{.window = window, .stride = window};
    add("max " + std::to_string(window), max_pool(edges, it));
    add("mean " + std::to_string(window), average_pool(edges, it));
  }
  print_table(rows);
  say("\nAverage pooling keeps the mean of the map and flattens its "
      "peaks; max-pooling keeps the largest answer however small the map "
      "becomes.");
  program.figure(
      "before-after.png", before_after_figure(digit, edges),
      "max-pooled strokes stay bright and grow fat, averaged ones fade");
}

// ---- 5. A step to the right --------------------------------------------

const std::vector<NamedPooling> ways = {
    {"none", {.window = 1, .stride = 1}},
    {"2 x 2", {.window = 2, .stride = 2}},
    {"3 x 3, stride 2", {.window = 3, .stride = 2}},
    {"4 x 4", {.window = 4, .stride = 4}},
};

// What a shift changes under each of the ways of max-pooling.
std::vector<Change> changes_under(const Tensor<>& digits,
                                  const Tensor<>& moved) {
  std::vector<Change> changes;
  for (const NamedPooling& way : ways)
    changes.push_back(compare(max_pool(digits, way.pooling),
                              max_pool(moved, way.pooling)));
  return changes;
}

void show_shift(const Tensor<>& digits, const Tensor<>& moved) {
  step("A digit takes one step to the right");
  say(
      format("All %d held-out digits are moved one pixel to the right. To "
             "us they are the same digits; how different are they to a "
             "program that compares cell by cell? A cell is inked if it "
             "is above 0.1 before or after the move. It has changed if "
             "the two differ by more than 0.1.\n\n",
             digits.extent(0)));
  const auto changes = changes_under(digits, moved);
  Rows rows = {{"max-pooling", "inked that change", "digit by digit",
                "relative change"}};
  bool all_fall = true;
  double before = 2;  // the last digit_by_digit
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const Pooling& it = ways[i].pooling;
    const double digit_by_digit =
        mean_share_of_inked(max_pool(digits, it), max_pool(moved, it));
    all_fall =
        all_fall && digit_by_digit < before &&
        (i == 0 ||
         (changes[i].share_of_inked() < changes[i - 1].share_of_inked() &&
          changes[i].relative_l2 < changes[i - 1].relative_l2));
    before = digit_by_digit;
    rows.push_back({ways[i].name, percent(changes[i].share_of_inked(), 1),
                    percent(digit_by_digit, 1),
                    percent(changes[i].relative_l2, 1)});
  }
  print_table(rows);
  say(std::string(
          "\nThe first share is of the inked cells of all the digits "
          "together; digit by digit it is the mean of each one's own "
          "share. The relative change is the length of the difference "
          "over the length of the picture, a length being the root of a "
          "sum of squares.") +
      (all_fall ? " All three fall: the larger the window, the less it "
                  "matters where in it the ink was. That is what pooling "
                  "is for."
                : ""));
}

// Does it matter which way the digits go?
void show_directions(const Tensor<>& digits) {
  say("\nThe same share of inked cells for a step in each direction:\n\n");
  Rows rows = {{"max-pooling"}};
  for (const NamedPooling& way : ways) rows.push_back({way.name});
  const auto add = [&](const std::string& name, int down, int right) {
    const auto changes =
        changes_under(digits, shifted(digits, down, right));
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

void draw_shift(Program& program, const Tensor<>& digit) {
  program.figure(
      "shift.png",
      shift_figure(digit, shifted(digit, 0, 1),
                   {ways[0], ways[1], ways[3]}),
      "the right column: blue is ink that went, orange is ink that came");
}

// ---- 6. The window, not the size ---------------------------------------

void show_cause(const Tensor<>& digits, const Tensor<>& moved) {
  step("Is it the window, or only the smaller map?");
  say("A stride without a window also makes the map smaller: every 2nd or "
      "every 4th cell is kept, the others are never looked at. And a "
      "window with stride 1 keeps the map large. The same step to the "
      "right, with the maximum and with the mean of each window:\n\n");
  const std::vector<NamedPooling> cases = {
      ways[0],
      {"every 2nd cell", {.window = 1, .stride = 2}},
      {"every 4th cell", {.window = 1, .stride = 4}},
      {"2 x 2", {.window = 2, .stride = 2}},
      {"4 x 4", {.window = 4, .stride = 4}},
      {"4 x 4, stride 1", {.window = 4, .stride = 1}},
  };
  Rows rows = {
      {"", "inked, max", "inked, mean", "relative, max", "relative, mean"}};
  for (const auto& [name, it] : cases) {
    const Change of_max =
        compare(max_pool(digits, it), max_pool(moved, it));
    const Change of_mean =
        compare(average_pool(digits, it), average_pool(moved, it));
    rows.push_back({name, percent(of_max.share_of_inked(), 1),
                    percent(of_mean.share_of_inked(), 1),
                    percent(of_max.relative_l2, 1),
                    percent(of_mean.relative_l2, 1)});
  }
  print_table(rows);
  say("\nIt is the window: the stride alone buys nothing. And the two "
      "kinds of pooling buy different things. A maximum stays what it was "
      "as long as its brightest cell stays in the window; a mean changes "
      "with every cell that comes or goes. So under the mean more inked "
      "cells change, at 2 x 2 more even than with no pooling, though the "
      "difference as a whole is no longer than under the maximum.");
}

// ---- 7. The other share ------------------------------------------------

void show_all_cells(Program& program, const std::vector<Change>& changes,
                    int digits) {
  step("The share of all cells hardly moves");
  say("Count the blank cells too, and most of the gain is gone:\n\n");
  Rows rows = {{"max-pooling", "cells", "inked", "inked that change",
                "all that change"}};
  for (std::size_t i = 0; i < ways.size(); ++i)
    rows.push_back({ways[i].name, std::to_string(changes[i].cells / digits),
                    percent(changes[i].share_inked(), 1),
                    percent(changes[i].share_of_inked(), 1),
                    percent(changes[i].share_of_all(), 1)});
  print_table(rows);
  const Change &none = changes.front(), &most = changes.back();
  const bool opposite = most.share_of_inked() < none.share_of_inked() &&
                        most.share_inked() > none.share_inked();
  say(std::string(
          "\nThe last column is the product of the two before it. ") +
      (opposite
           ? "One of them falls, the other rises: a window is inked as "
             "soon as one of its cells is, so a pooled map has a larger "
             "share of inked cells and fewer blank ones to water the "
             "number down. "
           : "") +
      "Blank cells do not change whatever is done; a share that counts "
      "them measures how empty the picture is.");
  program.figure("change.svg", change_figure(ways, changes),
                 opposite ? "in each group the first two bars fall with "
                            "the window; the third hardly moves"
                          : "do the bars fall with the window?");
}

// ---- 8. What is lost ---------------------------------------------------

void show_stroke_and_dots(const Tensor<>& stroke, const Tensor<>& dots) {
  say("A stroke of 8 cells and a scatter of 4 dots, one in each window "
      "that the stroke crosses:\n\n");
  print_matrix(plane(stroke), 0);
  print("\n");
  print_matrix(plane(dots), 0);
  const Tensor<> pooled = max_pool(stroke);
  say(format(
      "\nAfter max-pooling by 2 x 2 their largest difference is "
      "%.0f. Both are now:\n\n",
      static_cast<double>(max_abs_difference(pooled, max_pool(dots)))));
  print_matrix(plane(pooled), 0);
}

void show_loss(Program& program, const Tensor<>& digit) {
  step("What is lost");
  Tensor<> stroke({1, 1, 8, 8}), dots({1, 1, 8, 8});
  for (int i = 0; i < 8; ++i) stroke(0, 0, i, i) = 1.0f;
  for (int i = 0; i < 4; ++i)  // above the diagonal, then below, ...
    dots(0, 0, 2 * i + i % 2, 2 * i + 1 - i % 2) = 1.0f;
  show_stroke_and_dots(stroke, dots);
  const Tensor<> rotated = rotated_windows(digit, 4);
  const Pooling four{.window = 4, .stride = 4};
  say(
      format("\nThe mean would tell these two apart: in the first window "
             "it is %.2f and %.2f. It does not help when each window keeps "
             "its numbers and only their places change: here a digit is "
             "cut into windows of 4 x 4 cells, and each is rotated by 180 "
             "degrees where it lies.\n\n",
             static_cast<double>(average_pool(stroke)(0, 0, 0, 0)),
             static_cast<double>(average_pool(dots)(0, 0, 0, 0))));
  print_table({{"the digit against its rotated windows", "difference"},
               {"inked cells that differ, of all inked",
                percent(compare(digit, rotated).share_of_inked(), 1)},
               {"the most in a cell, after max 4",
                number(max_abs_difference(max_pool(digit, four),
                                          max_pool(rotated, four)),
                       4)},
               {"the most in a cell, after mean 4",
                number(max_abs_difference(average_pool(digit, four),
                                          average_pool(rotated, four)),
                       4)}});
  say("\nNothing behind the pooling can ever tell them apart. Pooling is a "
      "wager that 'where exactly' does not matter.");
  program.figure("lost.png", lost_figure(stroke, dots, digit, rotated),
                 "in each row two different pictures, then what pooling "
                 "leaves of both");
}

// ---- The tour ----------------------------------------------------------

// The first digit with this label; the first of all if none has it.
// -> (1, 1, 28, 28)
Tensor<> some_digit(const Dataset& digits, int label) {
  const auto found =
      std::find(digits.labels.begin(), digits.labels.end(), label);
  const auto n = found == digits.labels.end()
                     ? 0
                     : static_cast<int>(found - digits.labels.begin());
  return item(digits.images, n).reshaped({1, 1, 28, 28});
}

void report(Program& program, const std::vector<Change>& changes) {
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

void tour(Program& program) {
  Dataset digits = load_digits(program.data()).held_out;
  if (program.quick()) digits = first(digits, 200);
  const Tensor<> three = some_digit(digits, 3);
  const Tensor<> moved = shifted(digits.images, 0, 1);
  const auto changes = changes_under(digits.images, moved);
  report(program, changes);
  show_by_hand();
  show_overlap(program.integer("stride"));
  show_sizes();
  show_padding();
  show_before_after(program, three);
  show_shift(digits.images, moved);
  show_directions(digits.images);
  draw_shift(program, three);
  show_cause(digits.images, moved);
  show_all_cells(program, changes, digits.size());
  show_loss(program, three);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("03-pooling", "keep what was found, forget where");
  program.integer("stride", 2, 1, 2, "how far step 2's window moves");
  return program.run(argc, argv, cnn::tour);
}
