// Steps 5, 6 and 7: the backward pass through the windows of convolution
// and of max-pooling.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "04-backprop/figures.hpp"
#include "04-backprop/layer_checks.hpp"
#include "04-backprop/rotate.hpp"
#include "04-backprop/small_convolution.hpp"
#include "04-backprop/steps_layers.hpp"
#include "04-backprop/story_gradient.hpp"

namespace cnn {

// A batch of one as floats (H, W), for the figures.
inline Tensor<> float_plane(const Doubles& batch) {
  return convert<float>(plane(batch));
}

// ---- 5. Scattering -----------------------------------------------------

inline void scatter_by_hand(const SmallConvolution& it) {
  say("A 3x3 input and a 2x2 kernel give a 2x2 output: output(y, x) is "
      "the window at (y, x) times the kernel, summed.");
  print("\n");
  show("input", plane(it.input));
  show("kernel", plane(it.weight));
  show("output = convolve(input, kernel)",
       plane(convolve(it.input, it.weight, it.bias)));
  show("grad_output, from the layers after it", plane(it.grad_output));
  print("\n");
  say("Raise one input cell by a hair, and every output whose window holds "
      "it rises by the weight that joins the two. So, in the backward "
      "pass, each output cell returns its gradient, times the kernel, to "
      "the cells of its window. One after the other:");
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x) {
      print("\n");
      show(format("grad_output(%d, %d) = %g, times the kernel, at (%d, %d)",
                  y, x, it.grad_output(0, 0, y, x), y, x),
           plane(scattered(it, y, x)));
    }
  print("\n");
  show("The sum of the four is grad_input (4.7)", plane(it.grad_input()));
}

// Prints the statement in the middle of the loops, for each receiver.
inline void show_roles(const SmallConvolution& it) {
  say(std::string("Here are output, grad_input and grad_weight, one below "
                  "the other, without the indices of images and channels. "
                  "They are the same seven loops and the same three "
                  "places; each time a different one of the three receives "
                  "the product of the other two") +
      (roles_agree(it) ? ":" : ", or should, but the numbers differ:"));
  print("\n");
  for (const Place receiver : all_places)
    print("    %s\n", role_text(receiver).c_str());
  print("\n");
}

inline ParameterGradients<double> weight_by_hand(
    const SmallConvolution& it) {
  const auto grads =
      convolve_backward_parameters(it.grad_output, it.input, 2);
  print("\n");
  say("And the kernel? Each of its numbers was used by all four outputs. "
      "It collects the gradient of each, times the input cell that it was "
      "multiplied by:");
  print("\n    grad_weight(0, 0) =");
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x)
      print("%s %g * %g", y + x == 0 ? "" : " +",
            it.grad_output(0, 0, y, x), it.input(0, 0, y, x));
  print(" = %g\n\n", grads.weight(0, 0, 0, 0));
  show("grad_weight (4.9)", plane(grads.weight));
  print("    grad_bias, the sum of grad_output (4.8): %g\n\n",
        grads.bias(0));
  show_roles(it);
  return grads;
}

inline void convolution_backward_by_hand(Program& program) {
  step("A convolution's backward pass by hand");
  const SmallConvolution it;
  scatter_by_hand(it);
  const ParameterGradients<double> grads = weight_by_hand(it);
  const GradientCheck input_check = check_layer_gradient(
      "grad_input", it.grad_input(), it.input, [&](const Doubles& input) {
        return probed(convolve(input, it.weight, it.bias), it.grad_output);
      });
  const GradientCheck weight_check = check_layer_gradient(
      "grad_weight", grads.weight, it.weight, [&](const Doubles& weight) {
        return probed(convolve(it.input, weight, it.bias), it.grad_output);
      });
  print("    Against central differences: grad_input %s, grad_weight %s\n",
        input_check.passed() ? "ok" : "WRONG",
        weight_check.passed() ? "ok" : "WRONG");
  program.figure(
      "scatter.png",
      scatter_figure(float_plane(it.weight), float_plane(it.grad_output),
                     {float_plane(scattered(it, 0, 0)),
                      float_plane(scattered(it, 0, 1)),
                      float_plane(scattered(it, 1, 0)),
                      float_plane(scattered(it, 1, 1))},
                     float_plane(it.grad_input())),
      "each output cell sends back a copy of the kernel, times the cell's "
      "gradient; where copies overlap they add up");
}

// ---- 6. Why rotate? ----------------------------------------------------

// Prints the sum that the middle cell of grad_input collects from the four
// windows that hold it.
inline void print_the_middle_cell(const SmallConvolution& it) {
  std::vector<TextRow> rows = {{"output", "sees it at its",
                                "through weight", "grad_output",
                                "gives back"}};
  const char* places[2][2] = {{"bottom right", "bottom left"},
                              {"top right", "top left"}};
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x) {
      const double weight = it.weight(0, 0, 1 - y, 1 - x);
      const double grad = it.grad_output(0, 0, y, x);
      rows.push_back({format("(%d, %d)", y, x), places[y][x],
                      format("(%d, %d) = %g", 1 - y, 1 - x, weight),
                      format("%g", grad), format("%g", weight * grad)});
    }
  print("\n");
  print_table(rows);
  print("\n");
}

inline double largest_rotation_difference(Random& random) {
  double largest = 0;
  for (int padding = 0; padding < 3; ++padding) {
    const Shape input_shape = {2, 3, 7, 6};
    const Doubles weight = random_doubles({4, 3, 3, 3}, random);
    const Doubles grad_output =
        random_doubles({2, 4, 5 + 2 * padding, 4 + 2 * padding}, random);
    largest = std::max(
        largest, max_abs_difference(
                     convolve_backward_input(grad_output, weight,
                                             input_shape, 1, padding),
                     convolve_backward_input_rotated(
                         grad_output, weight, input_shape, 1, padding)));
  }
  return largest;
}

inline void why_rotate(Program& program) {
  step("Why the kernel is rotated");
  const SmallConvolution it;
  say("The same sum from the other end. Which outputs looked at the input "
      "cell in the middle, (1, 1), and through which weight?");
  print_the_middle_cell(it);
  say("Read down: the outputs come in reading order, the weights in "
      "reverse: 4, 3, 2, 1. The first window that reaches a cell holds it "
      "in its last corner, the last window in its first. That is all "
      "there is to it. So each input cell collects from a 2x2 patch of "
      "grad_output times the kernel read backwards, which is the kernel "
      "rotated by 180 degrees. And a square of weights that slides and "
      "sums is a convolution:");
  print("\n");
  show("kernel, rotated", plane(rotated_weight(it.weight)));
  show("grad_output with a border of K - 1 = 1",
       plane(pad(it.grad_output, 1)));
  const Doubles gathered =
      convolve(it.grad_output, rotated_weight(it.weight), it.bias, 1, 1);
  show("convolve(grad_output, rotated kernel, padding 1)", plane(gathered));
  print("    Largest difference from grad_input above: %g\n\n",
        max_abs_difference(gathered, it.grad_input()));
  Random random(program.seed());
  say(
      format("The same difference with 2 images, 3 input and 4 output "
             "channels, kernels of 3x3 and padding 0, 1 and 2: %g. With "
             "channels, the kernel that led from input ci to output co now "
             "leads from co to ci, so the two change places. (All this is "
             "for stride 1; scattering works for any.)",
             largest_rotation_difference(random)));
  program.figure(
      "rotate.png",
      rotate_figure(float_plane(it.weight), float_plane(it.grad_output),
                    float_plane(it.grad_input())),
      "above: four windows hold the yellow cell, each in another corner; "
      "below: so the rotated weights slide over grad_output");
}

// ---- 7. Max-pooling ----------------------------------------------------

inline void only_winners(Program& program) {
  step("Max-pooling: the gradient goes to the winner");
  const Doubles input({1, 1, 4, 4},
                      {1, 5, 2, 0, 3, 2, 7, 6, 4, 0, 1, 2, 8, 1, 3, 9});
  const Doubles grad_output({1, 1, 2, 2}, {8, -4, 4, 12});
  const Doubles by_max = max_pool_backward(grad_output, input);
  const Doubles by_mean = average_pool_backward(grad_output, input.shape());
  say("Each output comes from one cell, the largest of its window. Raise "
      "any other cell by a hair, and nothing changes. So the winner gets "
      "the whole gradient, and the others get 0. In an average every cell "
      "has the same share.");
  print("\n");
  show("input", plane(input));
  show("max_pool(input), windows of 2x2", plane(max_pool(input)));
  show("grad_output", plane(grad_output));
  show(
      format("max_pool_backward: %d of the %d cells get no gradient (4.10)",
             by_max.size() - count_nonzero(by_max), by_max.size()),
      plane(by_max));
  show("average_pool_backward: a quarter for each (4.11)", plane(by_mean));
  program.figure(
      "maxpool-gradient.png",
      max_pool_figure(float_plane(input), float_plane(grad_output),
                      float_plane(by_max), float_plane(by_mean)),
      "max-pooling sends the gradient to the winners alone, "
      "average pooling shares it out");
}

// How much max_pool's single output changes when these cells are nudged by
// h, divided by h. window (1, 1, 2, 2)
inline double slope(const Doubles& window, const std::vector<int>& cells,
                    double h) {
  Doubles nudged = window;
  for (const int cell : cells)
    nudged.data()[static_cast<std::size_t>(cell)] += h;
  const double change =
      max_pool(nudged)(0, 0, 0, 0) - max_pool(window)(0, 0, 0, 0);
  return change == 0 ? 0 : change / h;
}

inline void ties() {
  const Doubles window({1, 1, 2, 2}, {3, 1, 0, 3});
  const Doubles given =
      max_pool_backward(Doubles({1, 1, 1, 1}, 1.0), window);
  print("\n");
  say("A tie: two cells of one window hold 3. How does the maximum change "
      "when they are nudged, up or down?");
  print("\n    window\n");
  print_matrix(convert<float>(plane(window)), 0, "      ");
  print("\n");
  const double h = 0x1p-17;
  const auto row = [&](const char* name, const std::vector<int>& cells,
                       const std::string& gradient) -> TextRow {
    const double up = slope(window, cells, h);
    const double down = slope(window, cells, -h);
    return {name, format("%g", up), format("%g", down),
            format("%g", (up + down) / 2), gradient};
  };
  print_table(
      {{"nudged", "slope up", "slope down", "central", "backward gives"},
       row("(0, 0) alone", {0}, format("%g", given(0, 0, 0, 0))),
       row("(1, 1) alone", {3}, format("%g", given(0, 0, 1, 1))),
       row("both together", {0, 3},
           format("%g", given(0, 0, 0, 0) + given(0, 0, 1, 1)))});
  print("\n");
  say("A cell that is nudged up wins; when it is nudged down, the other "
      "one holds the maximum. There is a kink: neither slope is wrong, and "
      "the central difference of 0.5 is only the mean of the two. A rule "
      "must decide, and it is that of max_pool(): among equals the first "
      "in reading order wins and gets everything. Then the shares add up "
      "to 1, the slope for both together. Giving each of them 1 would hand "
      "on twice what came in. (The checks of step 8 keep away from ties: "
      "no two of their numbers are equal.)");
}

}  // namespace cnn
