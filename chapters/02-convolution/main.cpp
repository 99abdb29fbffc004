// Chapter 02: one small window of weights, used at every place of a
// picture.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "01-tensor/layout.hpp"
#include "01-tensor/scene.hpp"
#include "02-convolution/convolution.hpp"
#include "02-convolution/figures.hpp"
#include "02-convolution/kernel_search.hpp"
#include "02-convolution/kernels.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/random.hpp"

namespace cnn {
namespace {

// What an action that must fail says.
std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(no error)";
}

// ---- Pictures ----------------------------------------------------------

// One channel as convolve() wants it: (H, W) -> (1, 1, H, W).
Tensor<> as_batch(const Tensor<>& picture) {
  return picture.reshaped({1, 1, picture.extent(0), picture.extent(1)});
}

// The first picture of a class, (H, W); the first of all if it has none.
Tensor<> first_of_class(const Dataset& data, int label) {
  int found = 0;
  for (int n = data.size() - 1; n >= 0; --n)
    if (data.labels[static_cast<std::size_t>(n)] == label) found = n;
  return channel(item(data.images, found), 0);
}

// The mean of the three colours: (3, H, W) -> (H, W).
Tensor<> grey(const Tensor<>& image) {
  Tensor<> mean({image.extent(1), image.extent(2)});
  for (int y = 0; y < mean.extent(0); ++y)
    for (int x = 0; x < mean.extent(1); ++x)
      mean(y, x) = (image(0, y, x) + image(1, y, x) + image(2, y, x)) / 3;
  return mean;
}

// The picture moved down and to the right. What leaves it is gone, zeros
// come in. picture (H, W) -> (H, W)
Tensor<> shifted(const Tensor<>& picture, int down, int right) {
  Tensor<> moved(picture.shape());
  for (int y = down; y < picture.extent(0); ++y)
    for (int x = right; x < picture.extent(1); ++x)
      moved(y, x) = picture(y - down, x - right);
  return moved;
}

double mean_of(const Tensor<>& tensor) {
  double sum = 0;
  for (const float number : tensor.data())
    sum += static_cast<double>(number);
  const double mean = sum / tensor.size();
  return std::abs(mean) < 1e-6 ? 0 : mean;  // rounding errors, and "-0"
}

// ---- 1. One window, one sum --------------------------------------------

// The sum of one window, row by row.
double print_worked_sum(const Tensor<>& picture, int row, int column) {
  print("\n    The window at row %d, column %d (both count from 0):\n\n",
        row, column);
  const Tensor<> window = window_of(picture, row, column, 3);
  double sum = 0;
  for (int ky = 0; ky < 3; ++ky)
    sum += print_products("", item(sobel_x(), ky), item(window, ky));
  print("      %-26s    %3.0f\n", "sum", sum);
  return sum;
}

void show_one_sum(Program& program) {
  step("One window, one sum");
  const int row = program.integer("row"),
            column = program.integer("column");
  say("A kernel is a small square of numbers, its weights. Lay it over a "
      "picture, multiply each weight by the number under it, add up the "
      "nine products: that sum is one cell of the output. Then move the "
      "window on by one cell and do the same again.");
  const Tensor<> bar({5, 7}, {1, 1, 5, 5, 5, 1, 1,  //
                              1, 1, 5, 5, 5, 1, 1,  //
                              1, 1, 5, 5, 5, 1, 1,  //
                              1, 1, 1, 1, 1, 1, 1,  //
                              1, 1, 1, 1, 1, 1, 1});
  print("\n    A picture (5, 7), a bright bar on dark ground:\n\n");
  print_matrix(bar, 0, "      ");
  print("\n    A kernel (3, 3), known as Sobel x:\n\n");
  print_matrix(sobel_x(), 0, "      ");
  const double sum = print_worked_sum(bar, row, column);
  const Tensor<> output = correlate2d(bar, sobel_x());
  print("\n    correlate2d does it everywhere -> %s:\n\n",
        to_string(output.shape()).c_str());
  print_matrix(output, 0, "      ");
  print("\n    The cell at row %d, column %d: expected %.0f, got %.0f.\n\n",
        row, column, sum, static_cast<double>(output(row, column)));
  say("Above 0 where the picture turns brighter from left to right, below "
      "0 where it turns darker, 0 where nothing changes; weaker in the "
      "lower rows, where less of the window sees the bar.");
  program.figure("window.png", window_figure(bar, sobel_x()),
                 "three places of the window, nine products and one sum "
                 "each");
}

// ---- 2. Window, stride, padding ----------------------------------------

// One line of the table: what formula (2.2) says, what convolve() gave.
std::vector<std::string> size_row(int size, int K, int stride,
                                  int padding) {
  const Tensor<> output =
      convolve(Tensor<>({1, 1, size, size}), Tensor<>({1, 1, K, K}),
               Tensor<>({1}), stride, padding);
  return {std::to_string(size),
          std::to_string(K),
          std::to_string(stride),
          std::to_string(padding),
          format("floor(%d / %d) + 1 = %d", size + 2 * padding - K, stride,
                 output_size(size, K, stride, padding)),
          to_string(output.shape())};
}

void show_sizes() {
  step("Window, stride, padding: how large is the output?");
  say("The window must lie inside the picture, so the output is smaller. "
      "Two numbers change that: the stride is how many cells the window "
      "moves at a time, the padding is how many cells of zeros are put "
      "around the picture first. A window of 3 (#) along 7 cells:");
  print_places(7, 3, 1, 0);
  print_places(7, 3, 2, 0);
  print_places(7, 3, 2, 1);
  print("\n");
  print(
      "    A window of K cells finds so many places (floor rounds "
      "down):\n\n"
      "    size_out = floor((size + 2 padding - K) / stride) + 1     "
      "(2.2)\n"
      "\n");
  print_table({{"size", "K", "stride", "padding", "(2.2)", "convolve gave"},
               size_row(7, 3, 1, 0),
               size_row(7, 3, 2, 0),
               size_row(7, 3, 2, 1),
               size_row(28, 3, 1, 0),
               size_row(28, 3, 1, 1),
               size_row(28, 5, 1, 0),
               size_row(28, 5, 1, 2),
               size_row(28, 2, 2, 0),
               size_row(28, 3, 2, 1),
               size_row(28, 1, 1, 0),
               size_row(28, 28, 1, 0)});
  print("\n");
  say("Padding 1 keeps the size with a window of 3, padding 2 with a "
      "window of 5. A window that does not fit is an error:");
  say(error_of([] { output_size(2, 3, 1, 0); }), "        ");
}

// ---- 3. Several channels, several kernels ------------------------------

// Two channels (2, H, W) beside each other.
void print_channels(const Tensor<>& tensor, const std::string& title) {
  print_side_by_side({{title + " 0", channel(tensor, 0)},
                      {title + " 1", channel(tensor, 1)}});
}

// Two channels, two kernels and the sum of one cell, by hand.
void show_two_channels() {
  const Tensor<> input({1, 2, 3, 3}, {1, 2, 0, 0, 1, 3, 2, 1, 0,  //
                                      0, 1, 1, 2, 0, 1, 1, 0, 2});
  const Tensor<> weight({2, 2, 2, 2}, {1, 0, 0, 1, 0, 1, -1, 0,  //
                                       1, 1, 1, 1, -1, -1, -1, -1});
  const Tensor<> bias({2}, {3, -1});
  print("\n    input %s: one picture, two channels\n\n",
        to_string(input.shape()).c_str());
  print_channels(item(input, 0), "channel");
  for (int co = 0; co < 2; ++co) {
    print("\n    kernel %d, bias %.0f\n\n", co,
          static_cast<double>(bias(co)));
    print_channels(item(weight, co), "for channel");
  }
  print("\n    Kernel 0 at row 0, column 0:\n\n");
  double sum = static_cast<double>(bias(0));
  for (int ci = 0; ci < 2; ++ci)
    sum += print_products(format("channel %d  ", ci),
                          channel(item(weight, 0), ci),
                          window_of(channel(item(input, 0), ci), 0, 0, 2));
  print("      %-47s  = %3.0f\n", "bias", static_cast<double>(bias(0)));
  print("      %-47s    %3.0f\n", "sum", sum);
  const Tensor<> output = convolve(input, weight, bias);
  print("\n    output %s: one channel per kernel\n\n",
        to_string(output.shape()).c_str());
  print_channels(item(output, 0), "channel");
  print("\n    The cell (0, 0, 0, 0): expected %.0f, got %.0f.\n\n", sum,
        static_cast<double>(output(0, 0, 0, 0)));
}

void show_channels(const Dataset& digits) {
  step("Several channels, several kernels");
  say("A kernel has a window of weights for every channel of its input. "
      "All the products are added into one sum, and one more number, the "
      "kernel's bias, is added to it. Each kernel gives one channel of "
      "the output.");
  show_two_channels();
  const Tensor<> batch = first(digits, 8).images;
  const Tensor<> weight({16, 1, 3, 3}), bias({16});
  say("The same on a batch of digits with 16 kernels, padding 1, in the "
      "letters that all the book uses:");
  print("\n");
  print_table({{"tensor", "axes", "shape"},
               {"input", "(N, C_in, H, W)", to_string(batch.shape())},
               {"weight", "(C_out, C_in, K, K)", to_string(weight.shape())},
               {"bias", "(C_out)", to_string(bias.shape())},
               {"output", "(N, C_out, H_out, W_out)",
                to_string(convolve(batch, weight, bias, 1, 1).shape())}});
  print("\n    Colour pictures given to kernels made for grey ones:\n");
  say(error_of([&] {
        convolve(Tensor<>({8, 3, 28, 28}), weight, bias);
      }),
      "        ");
}

// ---- 4. Kernels made by hand -------------------------------------------

// All kernels as the weights of one convolution: (6, 1, 3, 3).
Tensor<> stacked(const std::vector<NamedKernel>& kernels) {
  std::vector<float> numbers;
  for (const NamedKernel& kernel : kernels)
    numbers.insert(numbers.end(), kernel.weights.data().begin(),
                   kernel.weights.data().end());
  return Tensor<>({static_cast<int>(kernels.size()), 1, 3, 3}, numbers);
}

void show_kernels_on_digit(Program& program, const Tensor<>& digit) {
  const std::vector<NamedKernel> kernels = handmade_kernels();
  const Tensor<> results =
      convolve(as_batch(digit), stacked(kernels), Tensor<>({6}), 1, 1);
  std::vector<std::vector<std::string>> rows = {
      {"kernel", "sum of weights", "sum x mean", "mean of result",
       "smallest", "largest"}};
  for (int k = 0; k < 6; ++k) {
    const Tensor<> result = channel(item(results, 0), k);
    const NamedKernel& kernel = kernels[static_cast<std::size_t>(k)];
    const double sum = 9 * mean_of(kernel.weights);
    const auto [least, most] =
        std::minmax_element(result.data().begin(), result.data().end());
    rows.push_back({kernel.name, format("%.2f", sum),
                    format("%.4f", sum * mean_of(digit)),
                    format("%.4f", mean_of(result)),
                    format("%.2f", static_cast<double>(*least)),
                    format("%.2f", static_cast<double>(*most))});
  }
  print("\n    The digit's mean is %.4f.\n\n", mean_of(digit));
  print_table(rows);
  print("\n");
  say("Weights that sum to 1 keep the mean brightness, as long as no ink "
      "touches the border. Weights that sum to 0 answer nothing where the "
      "picture is flat: they see changes "
      "alone.");
  program.figure(
      "kernels-digit.png", kernels_digit_figure(kernels, item(results, 0)),
      "blue is below 0, white is 0, orange above: the two Sobels "
      "see the same strokes from different sides");
}

void show_kernels_on_scene(Program& program) {
  const std::vector<NamedKernel> kernels = handmade_kernels();
  const Tensor<> scene = little_scene();
  const int H = scene.extent(1), W = scene.extent(2);
  // Each colour is convolved by itself, so the colours stand where a batch
  // has its pictures.
  const Tensor<> results = convolve(scene.reshaped({3, 1, H, W}),
                                    stacked(kernels), Tensor<>({6}));
  const Tensor<> grey_scene = grey(scene);
  const Tensor<> gx = correlate2d(grey_scene, sobel_x());
  const Tensor<> gy = correlate2d(grey_scene, sobel_y());
  Tensor<> strength(gx.shape());
  int flat = 0;
  for (std::size_t i = 0; i < gx.data().size(); ++i) {
    const float x = gx.data()[i], y = gy.data()[i];
    strength.data()[i] = std::sqrt(x * x + y * y);
    if (strength.data()[i] < 0.2f) ++flat;
  }
  print("\n");
  say(
      format("On a picture in colour %s each colour is convolved by "
             "itself. For edges its mean grey will do: the two Sobels make "
             "one edge strength, sqrt(x^2 + y^2). A straight edge from "
             "black to white would be 4; it is under 0.2 in %d of %d "
             "cells. What only "
             "colour tells apart is lost: the sun's grey is %.2f, the "
             "sky's beside it %.2f.",
             to_string(scene.shape()).c_str(), flat, strength.size(),
             static_cast<double>(grey_scene(9, 54)),
             static_cast<double>(grey_scene(9, 45))));
  program.figure(
      "kernels-scene.png",
      kernels_scene_figure(scene, results, grey_scene, gx, gy, strength),
      "blur softens the edges, sharpen lifts them, Sobel "
      "leaves nothing else");
}

void show_kernels(Program& program, const Tensor<>& digit) {
  step("Kernels made by hand");
  say("Six kernels that people made long before a computer learned one. "
      "All six are the weights of one convolution (6, 1, 3, 3), so one "
      "digit becomes six pictures. Padding 1 keeps the size.");
  show_kernels_on_digit(program, digit);
  show_kernels_on_scene(program);
}

// ---- 5. Shift ----------------------------------------------------------

// The largest |a - b|, the first rows and columns left out.
float difference_without(const Tensor<>& a, const Tensor<>& b, int rows,
                         int columns) {
  float largest = 0;
  for (int y = rows; y < a.extent(0); ++y)
    for (int x = columns; x < a.extent(1); ++x)
      largest = std::max(largest, std::abs(a(y, x) - b(y, x)));
  return largest;
}

// Sobel x and a move of 1 down and 2 to the right, in both orders.
Shift shift_both_ways(const std::string& name, const Tensor<>& picture) {
  const Tensor<> moved = shifted(picture, 1, 2);
  return {name, picture, moved, correlate2d(moved, sobel_x()),
          shifted(correlate2d(picture, sobel_x()), 1, 2)};
}

std::vector<std::string> shift_row(const Shift& shift) {
  const float everywhere =
      difference_without(shift.moved_first, shift.moved_last, 0, 0);
  const float inside =
      difference_without(shift.moved_first, shift.moved_last, 1, 2);
  return {shift.name, format("%g", static_cast<double>(everywhere)),
          format("%g", static_cast<double>(inside))};
}

void show_shift(Program& program, const Tensor<>& digit) {
  step("Shift the input, and the output shifts");
  say("A digit moved 1 down and 2 to the right, then Sobel x; or Sobel x "
      "first, then the move. The same weights look at every place, so the "
      "order must not matter. The largest difference between the two:");
  const std::vector<Shift> shifts = {
      shift_both_ways("the digit", digit),
      shift_both_ways("the scene in grey", grey(little_scene()))};
  print("\n");
  print_table({{"picture", "everywhere", "without row 0, columns 0 and 1"},
               shift_row(shifts[0]),
               shift_row(shifts[1])});
  print("\n");
  say("Away from the border the two agree to the last bit. At the top and "
      "at the left zeros come in where there was no picture: moved first, "
      "Sobel sees an edge between the zeros and the scene; moved last, it "
      "never meets them. A digit's border is black anyway.");
  program.figure("shift.png", shift_figure(shifts),
                 "the difference is white, that is 0, but for the rim of "
                 "the scene where zeros came in");
}

// ---- 6. The price ------------------------------------------------------

void show_price(const Tensor<>& digit) {
  step("What sharing weights saves");
  say("A digit (1, 1, 28, 28) goes in, 6,272 numbers come out: as 8 maps "
      "of 28 x 28 from a 3x3 convolution with padding 1, or with the same "
      "windows but other weights at each place, or so that every output "
      "looks at every input with weights of its own. The last is a "
      "convolution as well, with a window as large as the picture and a "
      "kernel for each output.");
  const int outputs = 8 * 28 * 28, inputs = 28 * 28;
  const Tensor<> shared({8, 1, 3, 3}), own({outputs, 1, 28, 28});
  const Tensor<> bias({8}), own_bias({outputs});
  const int learned = shared.size() + bias.size();
  const int own_learned = own.size() + own_bias.size();
  const auto output_shape = [&](const Tensor<>& weight, const Tensor<>& b,
                                int padding) {
    return to_string(
        convolve(as_batch(digit), weight, b, 1, padding).shape());
  };
  print("\n");
  // A window of its own for each output: as many products, no sharing.
  const int unshared = outputs * 9;
  print_table({{"", "3x3 shared", "3x3 not shared", "28x28 not shared"},
               {"weight", to_string(shared.shape()),
                format("%d x (1, 3, 3)", outputs), to_string(own.shape())},
               {"output", output_shape(shared, bias, 1), "(1, 8, 28, 28)",
                output_shape(own, own_bias, 0)},
               {"weights", thousands(shared.size()), thousands(unshared),
                thousands(own.size())},
               {"biases", thousands(bias.size()), thousands(outputs),
                thousands(own_bias.size())},
               {"numbers to learn", thousands(learned),
                thousands(unshared + outputs), thousands(own_learned)},
               {"multiply-adds", thousands(outputs * 9),
                thousands(unshared), thousands(outputs * inputs)}});
  print("\n");
  say(format(
      "Weights: 8 kernels x 9, against 9 for each of 6,272 outputs, "
      "against 784 for each. Multiply-adds (a product, added to a "
      "sum): 6,272 outputs x 9, against 6,272 x 784. A small window "
      "saves work and weights, both by %.1f times. Sharing saves "
      "weights alone, %s times more. In all the convolution has "
      "%s times fewer numbers to learn.",
      inputs / 9.0, thousands((unshared + outputs) / learned).c_str(),
      thousands(own_learned / learned).c_str()));
}

// ---- 7. Convolution or cross-correlation -------------------------------

void show_single_cell() {
  Tensor<> dot({5, 5});
  dot(2, 2) = 1;
  const Tensor<> kernel({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  print("\n    One cell of 1 in a picture (5, 5) of zeros:\n\n");
  print_side_by_side({{"kernel", kernel},
                      {"correlated", correlate2d(dot, kernel)},
                      {"convolved", correlate2d(dot, rotate180(kernel))}});
  print("\n");
}

// A kernel as it is (a) and rotated (b): the largest |a - b| and |a + b|.
std::vector<std::string> flip_row(const Tensor<>& picture,
                                  const NamedKernel& kernel) {
  const Tensor<> a = correlate2d(picture, kernel.weights);
  Tensor<> b = correlate2d(picture, rotate180(kernel.weights));
  const float difference = max_abs_difference(a, b);
  for (float& number : b.data()) number = -number;
  const float sum = max_abs_difference(a, b);
  return {kernel.name, format("%.2f", static_cast<double>(difference)),
          format("%.2f", static_cast<double>(sum))};
}

void show_flip(Program& program, const Tensor<>& digit) {
  step("Convolution or cross-correlation?");
  say("What networks call convolution is what mathematics calls "
      "cross-correlation. Mathematics rotates the kernel by 180 degrees "
      "before it lays it down, and calls that convolution.");
  show_single_cell();
  say("On the digit, each kernel as it is (a) and rotated (b), the largest "
      "numbers of the difference and of the sum:");
  const Tensor<> padded = channel(item(pad(as_batch(digit), 1), 0), 0);
  const std::vector<NamedKernel> kernels = handmade_kernels();
  std::vector<std::vector<std::string>> rows = {
      {"kernel", "|a - b|", "|a + b|"}};
  for (const NamedKernel& kernel : kernels)
    rows.push_back(flip_row(padded, kernel));
  print("\n");
  print_table(rows);
  print("\n");
  say("Identity, blur and sharpen look the same rotated: no difference. A "
      "rotated Sobel is the same with the other sign: the sum is 0. Emboss "
      "is neither: the light comes from the other side. A network finds "
      "its weights itself and would find them rotated, so it does not "
      "matter which of the two it uses; only two programs that exchange "
      "weights must agree.");
  program.figure("flip.png",
                 flip_figure(padded, {kernels[1], kernels[3], kernels[5]}),
                 "blur stays, Sobel x changes its sign, the light on the "
                 "embossed digit comes from the bottom right");
}

// ---- 8. A kernel from examples -----------------------------------------

std::vector<Tensor<>> some_digits(const Dataset& data, int count,
                                  std::uint64_t seed) {
  const std::vector<int> order = Random(seed).permutation(data.size());
  std::vector<Tensor<>> pictures;
  for (int i = 0; i < std::min(count, data.size()); ++i)
    pictures.push_back(
        channel(item(data.images, order[static_cast<std::size_t>(i)]), 0));
  return pictures;
}

// The moments that the table and the figure show.
std::vector<int> moments(const std::vector<SearchStep>& path) {
  const int end = path.back().forward_passes;
  std::vector<int> passes;
  for (const int pass : {1, 10, 30, 100, 300, 1000})
    if (pass < end) passes.push_back(pass);
  passes.push_back(end);
  return passes;
}

void print_search(const std::vector<SearchStep>& path) {
  std::vector<std::vector<std::string>> rows = {
      {"forward passes", "error", "farthest from Sobel x"}};
  for (const int passes : moments(path)) {
    const SearchStep& now = state_after(path, passes);
    const float distance = max_abs_difference(now.kernel, sobel_x());
    rows.push_back({thousands(passes), format("%.2g", now.error),
                    format("%.4f", static_cast<double>(distance))});
  }
  print_table(rows);
}

// What the search found, beside the truth and on digits new to it.
void show_found(const Tensor<>& found, const Examples& unseen,
                double good_enough) {
  const double error = kernel_error(unseen, found);
  print("\n    Found, and true:\n\n");
  print_matrix(found, 3, "      ");
  print("\n");
  print_matrix(sobel_x(), 3, "      ");
  print("\n");
  say(format("On ten digits that the search never saw its error is %.1e. ",
             error) +
      (error < 10 * good_enough
           ? "It has not learned the ten pictures but what was done to "
             "them."
           : "It has learned the ten pictures better than what was done to "
             "them."));
}

void show_recovery(Program& program, const Split& digits) {
  step("A kernel found from examples");
  say("Forget the weights of Sobel x. All we have is ten digits and what "
      "it made of each. Start from nine zeros. Raise one number by 0.1; "
      "if that lowers the error, keep it, else lower it by 0.1, else put "
      "it back. Go round all nine. When none helps any more, halve the "
      "step. "
      "The error is the mean of (output - wanted)^2. To know it takes a "
      "forward pass: all ten digits convolved once.");
  const double good_enough = 1e-8;
  const Examples examples =
      examples_of(some_digits(digits.train, 10, program.seed()), sobel_x());
  const std::vector<SearchStep> path =
      recover_kernel(examples, good_enough, 50000);
  const SearchStep& end = path.back();
  print("\n");
  print_search(path);
  print("\n");
  say(format("%zu of %s tries were kept, the others were for nothing.",
             path.size() - 1, thousands(end.forward_passes - 1).c_str()));
  show_found(end.kernel,
             examples_of(some_digits(digits.held_out, 10, program.seed()),
                         sobel_x()),
             good_enough);
  program.report("sobel_forward_passes",
                 std::to_string(end.forward_passes));
  const float difference = max_abs_difference(end.kernel, sobel_x());
  program.report("sobel_difference",
                 format("%.4f", static_cast<double>(difference)));
  program.figure("recovered.png", recovered_figure(path, moments(path)),
                 "nine zeros become a slope from left to right, then the "
                 "middle row grows and the last decimals settle");
  program.figure("error.svg", error_figure(path, good_enough),
                 "fast while steps of 0.1 help, slower once they have to "
                 "be halved again and again");
}

void show_cost(const Tensor<>& digit) {
  const int per_digit = correlate2d(digit, sobel_x()).size() * 9;
  print("\n");
  say(
      format("The price: every try is a whole forward pass, here 10 digits "
             "x 26 x 26 x 9 = %s multiply-adds, and a round through nine "
             "numbers takes up to 18 tries. The 4,923,520 numbers of "
             "step 6 would need up to %s forward passes over the "
             "examples for one round. There must be a way to know which "
             "way to change a number without trying.",
             thousands(10LL * per_digit).c_str(),
             thousands(2LL * 4923520).c_str()));
}

void tour(Program& program) {
  const Split digits = load_digits(program.data());
  say("Data: " + digits.source + ".", "");
  const Tensor<> digit = first_of_class(digits.train, 5);
  show_one_sum(program);
  show_sizes();
  show_channels(digits.train);
  show_kernels(program, digit);
  show_shift(program, digit);
  show_price(digit);
  show_flip(program, digit);
  show_recovery(program, digits);
  show_cost(digit);
}

}  // namespace
}  // namespace cnn

int main(int argc, char** argv) {
  cnn::Program program("02-convolution",
                       "one small window, used everywhere");
  program.integer("row", 1, 0, 2, "row of the window that step 1 adds up");
  program.integer("column", 0, 0, 4, "its column");
  return program.run(argc, argv, cnn::tour);
}
