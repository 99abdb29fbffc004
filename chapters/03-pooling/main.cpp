// Chapter 03: keep what was found, forget where.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "02-convolution/convolution.hpp"
#include "02-convolution/kernels.hpp"
#include "03-pooling/figures.hpp"
#include "03-pooling/pooling.hpp"
#include "03-pooling/shift.hpp"
#include "common/dataset.hpp"
#include "common/program.hpp"
#include "common/terminal.hpp"

namespace cnn {
namespace {

std::string percent(double share) {
  return format("%.1f %%", 100 * share);
}

void say(const std::string& text) {
  print("%s", wrapped(text).c_str());
}

// ---- 1. By hand
// ----------------------------------------------------------

// The four numbers of a window of 2 x 2 and what becomes of them.
std::vector<std::string> window_row(const Tensor<>& map, int y, int x) {
  const Tensor<> largest = max_pool(map), mean = average_pool(map);
  std::string numbers;
  for (int ky = 0; ky < 2; ++ky)
    for (int kx = 0; kx < 2; ++kx)
      numbers +=
          (numbers.empty() ? "" : ", ") +
          format("%.0f",
                 static_cast<double>(map(0, 0, 2 * y + ky, 2 * x + kx)));
  return {format("(%d, %d)", y, x), numbers,
          format("%.0f", static_cast<double>(largest(0, 0, y, x))),
          format("%.2f", static_cast<double>(mean(0, 0, y, x)))};
}

void show_by_hand() {
  step("Sixteen numbers become four");
  const Tensor<> map({1, 1, 4, 4}, {1, 3, 0, 0,  //
                                    2, 9, 0, 4,  //
                                    5, 5, 7, 1,  //
                                    5, 1, 2, 6});
  say("A map of 4 x 4 numbers, say the answers of one kernel. A window of "
      "2 "
      "x 2 cells is laid on it, then moved on by 2 cells, so that the "
      "windows touch and do not overlap.");
  print("\n");
  print_matrix(plane(map), 0);
  print("\n");
  say("Max-pooling keeps the largest number of each window, average "
      "pooling "
      "their mean:");
  print("\n");
  print_table({{"window", "its numbers", "max", "mean"},
               window_row(map, 0, 0),
               window_row(map, 0, 1),
               window_row(map, 1, 0),
               window_row(map, 1, 1)});
  print("\n");
  say("Pooling has no weights: nothing in it can be learned. Each channel "
      "is pooled for itself, so a batch (N, C, H, W) keeps its N and its "
      "C.");
}

// ---- 2. Window, stride, padding
// -------------------------------------------

void show_sizes() {
  step("Window, stride and padding");
  say("The size of the output follows chapter 02's formula (2.3), with the "
      "window in the place of K:");
  print("\n");
  std::vector<std::vector<std::string>> rows = {
      {"size", "window", "stride", "padding", "(2.3)", "max_pool gave"}};
  for (const auto& [size, it] :
       std::vector<std::pair<int, Pooling>>{{28, {2, 2, 0}},
                                            {28, {3, 2, 0}},
                                            {28, {3, 2, 1}},
                                            {28, {4, 4, 0}},
                                            {7, {2, 2, 0}},
                                            {7, {3, 1, 1}}}) {
    const Tensor<> pooled = max_pool(Tensor<>({1, 1, size, size}), it);
    rows.push_back({std::to_string(size), std::to_string(it.window),
                    std::to_string(it.stride), std::to_string(it.padding),
                    std::to_string(output_size(size, it.window, it.stride,
                                               it.padding)),
                    to_string(pooled.shape())});
  }
  print_table(rows);
  print("\n");
  say("In the row with size 7 and window 2 the last row and column of "
      "cells "
      "are in no window: they are lost. A stride below the window makes "
      "windows overlap. Padding must be at most half the window, or a "
      "window could lie in the border alone:");
  print("\n");
  try {
    max_pool(Tensor<>({1, 1, 4, 4}),
             {.window = 2, .stride = 2, .padding = 2});
  } catch (const std::invalid_argument& error) {
    print("%s", wrapped(error.what(), "        ").c_str());
  }
}

void show_padding() {
  step("What stands in the border");
  const Tensor<> map({1, 1, 2, 2}, {-4, -3, -2, -1});
  const Pooling pooling{.window = 2, .stride = 2, .padding = 1};
  say("Four numbers, all negative, with a border of one cell around them. "
      "Each window of 2 x 2 holds one of them and three cells of border.");
  print("\n");
  print_matrix(plane(map), 0);
  print("\n");
  say("For the maximum the border is minus infinity, which never wins:");
  print("\n");
  print_matrix(plane(max_pool(map, pooling)), 0);
  print("\n");
  say("With zeros in the border, as for a convolution, all four would have "
      "become 0. For the mean the border does hold zeros, and they count "
      "as "
      "cells, so each number is divided by 4:");
  print("\n");
  print_matrix(plane(average_pool(map, pooling)), 2);
}

// ---- 3. Before and after
// ---------------------------------------------------

void show_before_after(Program& program, const Tensor<>& digit) {
  step("A digit and its edges, pooled");
  Tensor<> edges = convolve(digit, sobel_x().reshaped({1, 1, 3, 3}),
                            Tensor<>({1}), 1, 1);
  for (float& number : edges.data()) number = std::max(number, 0.0f);
  say("Chapter 02's Sobel x answers where a picture turns brighter from "
      "left "
      "to right; what it answers below 0 is set to 0. The digit and this "
      "map of its left edges, pooled in two ways and two sizes:");
  print("\n");
  std::vector<std::vector<std::string>> rows = {
      {"map", "cells", "largest", "mean"}};
  const auto add = [&](const std::string& name, const Tensor<>& map) {
    double sum = 0;
    for (const float number : map.data())
      sum += static_cast<double>(number);
    rows.push_back(
        {name, std::to_string(map.size()),
         format("%.2f", static_cast<double>(largest_magnitude(map))),
         format("%.3f", sum / map.size())});
  };
  add("the edges", edges);
  for (const int window : {2, 4}) {
    const Pooling it{.window = window, .stride = window};
    add("max " + std::to_string(window), max_pool(edges, it));
    add("mean " + std::to_string(window), average_pool(edges, it));
  }
  print_table(rows);
  print("\n");
  say("Average pooling keeps the mean and flattens the peaks; max-pooling "
      "keeps the largest answer however small the map becomes.");
  program.figure(
      "before-after.png", before_after_figure(digit, edges),
      "max-pooled strokes stay bright and grow fat, averaged ones "
      "fade");
}

// ---- 4. A step to the right
// ------------------------------------------------

const std::vector<NamedPooling> ways = {
    {"none", {.window = 1, .stride = 1}},
    {"2 x 2", {.window = 2, .stride = 2}},
    {"3 x 3, stride 2", {.window = 3, .stride = 2}},
    {"4 x 4", {.window = 4, .stride = 4}},
};

Change change_under(const Tensor<>& digits, const Tensor<>& shifted,
                    const Pooling& pooling) {
  return compare(max_pool(digits, pooling), max_pool(shifted, pooling));
}

void show_shift(Program& program, const Tensor<>& digits,
                const Tensor<>& one) {
  step("A digit takes one step to the right");
  const Tensor<> shifted = shifted_right(digits);
  say("All " + std::to_string(digits.extent(0)) +
      " held-out digits are moved one pixel to the right. To us they are "
      "the "
      "same digits; how different are they to a program that compares cell "
      "by cell? A cell is inked if it is above 0.1 before or after the "
      "move, and it has changed if the two differ by more than 0.1. The "
      "last column is the length of the difference over the length of the "
      "picture, each the root of a sum of squares.");
  print("\n");
  std::vector<std::vector<std::string>> rows = {
      {"max-pooling", "inked cells that change", "relative change"}};
  std::vector<double> inked, all;
  std::vector<Change> changes;
  for (const auto& [name, pooling] : ways) {
    changes.push_back(change_under(digits, shifted, pooling));
    const Change& change = changes.back();
    inked.push_back(100 * change.share_of_inked());
    all.push_back(100 * change.share_of_all());
    rows.push_back({name, percent(change.share_of_inked()),
                    format("%.3f", change.relative_l2)});
  }
  print_table(rows);
  program.report("inked_changed_4x4",
                 format("%.4f", changes[3].share_of_inked()));
  program.report("inked_changed_unpooled",
                 format("%.4f", changes[0].share_of_inked()));
  print("\n");
  say("The larger the window, the less it matters where in it the ink was. "
      "That is what pooling is for. But look at the share of all cells:");
  print("\n");
  rows = {{"max-pooling", "cells", "inked", "that change", "of all cells"}};
  for (std::size_t i = 0; i < ways.size(); ++i)
    rows.push_back({ways[i].name,
                    std::to_string(changes[i].cells / digits.extent(0)),
                    percent(changes[i].share_inked()),
                    percent(changes[i].share_of_inked()),
                    percent(changes[i].share_of_all())});
  print_table(rows);
  print("\n");
  say("The last column is the product of the two before it, and it hardly "
      "moves: a window is inked as soon as one of its cells is, so pooled "
      "maps have fewer blank cells to water the number down. A figure that "
      "counts blank cells as 'unchanged' flatters the picture that has "
      "most "
      "of them.");
  program.figure("change.svg", change_figure(ways, inked, all),
                 "the solid bars fall, the hatched ones hardly move");
  program.figure(
      "shift.png",
      shift_figure(one, shifted_right(one), {ways[0], ways[1], ways[3]}),
      "the right column: blue is ink that went, orange ink that "
      "came; less of it the more is pooled");
}

// ---- 5. What is lost
// -------------------------------------------------------

void show_loss(Program& program) {
  step("What is lost");
  Tensor<> stroke({1, 1, 8, 8}), dots({1, 1, 8, 8});
  for (int i = 0; i < 8; ++i) stroke(0, 0, i, i) = 1.0f;
  for (int i = 0; i < 4; ++i)  // one dot per window, in another corner
    dots(0, 0, 2 * i + i % 2, 2 * i + 1 - i % 2) = 1.0f;
  const Tensor<> pooled = max_pool(stroke);
  say("A stroke of 8 cells and a scatter of 4 dots, one in each window "
      "that "
      "the stroke crosses:");
  print("\n");
  print_matrix(plane(stroke), 0);
  print("\n");
  print_matrix(plane(dots), 0);
  print("\n");
  say(format(
      "After max-pooling by 2 x 2 their largest difference is %.0f. "
      "Both are now:",
      static_cast<double>(max_abs_difference(pooled, max_pool(dots)))));
  print("\n");
  print_matrix(plane(pooled), 0);
  print("\n");
  say("Nothing behind the pooling can ever tell them apart. Pooling is a "
      "wager that 'where exactly' and 'how much of it' do not matter; for "
      "digits it pays.");
  program.figure("lost.png", lost_figure(stroke, dots, pooled),
                 "two different pictures, and the one map that is left of "
                 "both");
}

// The first digit with this label. -> (1, 1, 28, 28)
Tensor<> some_digit(const Dataset& digits, int label) {
  const auto found =
      std::find(digits.labels.begin(), digits.labels.end(), label);
  const auto n = static_cast<int>(found - digits.labels.begin());
  return item(digits.images, n).reshaped({1, 1, 28, 28});
}

void tour(Program& program) {
  Dataset digits = load_digits(program.data()).held_out;
  if (program.quick()) digits = first(digits, 200);
  show_by_hand();
  show_sizes();
  show_padding();
  const Tensor<> three = some_digit(digits, 3);
  show_before_after(program, three);
  show_shift(program, digits.images, three);
  show_loss(program);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("03-pooling", "keep what was found, forget where");
  return program.run(argc, argv, cnn::tour);
}
