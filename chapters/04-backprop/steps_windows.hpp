// Steps 7, 8 and 9: the way back through windows, of convolution and of
// max-pooling.
#pragma once

#include <string>
#include <vector>

#include "04-backprop/figures.hpp"
#include "04-backprop/layer_checks.hpp"
#include "04-backprop/rotate.hpp"
#include "04-backprop/steps_layers.hpp"

namespace cnn {

// A 3x3 input and a 2x2 kernel: four windows, four output cells.
struct SmallConvolution {
  Doubles weight{{1, 1, 2, 2}, {1, 2, 3, 4}};
  Doubles grad_output{{1, 1, 2, 2}, {1, 2, -1, 3}};
  Shape input_shape{1, 1, 3, 3};
};

// The last two axes of a batch of one: (1, 1, H, W) -> (H, W), to be shown.
inline Tensor<> plane(const Doubles& batch) {
  return convert<float>(batch).reshaped({batch.extent(2), batch.extent(3)});
}

// ---- 7. Scattering ------------------------------------------------------

// Only one of the four output cells has a gradient, the others have 0.
inline Doubles scattered(const SmallConvolution& it, int y, int x) {
  Doubles one_cell(it.grad_output.shape());
  one_cell(0, 0, y, x) = it.grad_output(0, 0, y, x);
  return convolve_backward_input(one_cell, it.weight, it.input_shape);
}

inline void convolution_backward_by_hand(Program& program) {
  step("A convolution's backward pass by hand");
  const SmallConvolution it;
  say("A 3x3 input and a 2x2 kernel give a 2x2 output. Forward, output(y, "
      "x) was the window at (y, x) times the kernel. Someone behind us has "
      "found grad_output:");
  print("\n    kernel\n");
  print_matrix(plane(it.weight), 0);
  print("    grad_output\n");
  print_matrix(plane(it.grad_output), 0);
  print("\n");
  say("Turn one input cell up by a hair, and each output whose window "
      "holds "
      "it rises by the weight that joined the two. So, the other way "
      "round: each output cell gives its gradient, times the kernel, back "
      "to the cells of its window. One after the other:");
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x) {
      print(
          "\n    grad_output(%d, %d) = %g, times the kernel, at (%d, %d)\n",
          y, x, it.grad_output(0, 0, y, x), y, x);
      print_matrix(plane(scattered(it, y, x)), 0);
    }
  const Doubles grad_input =
      convolve_backward_input(it.grad_output, it.weight, it.input_shape);
  print("\n    The sum of the four is grad_input (4.7)\n");
  print_matrix(plane(grad_input), 0);
  Random random(program.seed());
  const Doubles input = random_doubles(it.input_shape, random);
  const GradientCheck check = check_gradient(
      "grad_input", grad_input, input, [&](const Doubles& i) {
        return probed(convolve(i, it.weight, Doubles({1})), it.grad_output);
      });
  print("    Against central differences: max relative error %.1e\n",
        check.error);
  program.figure(
      "scatter.png",
      scatter_figure(
          plane(it.weight), plane(it.grad_output),
          {plane(scattered(it, 0, 0)), plane(scattered(it, 0, 1)),
           plane(scattered(it, 1, 0)), plane(scattered(it, 1, 1))},
          plane(grad_input)),
      "every output cell sends one copy of the kernel back, as "
      "large as its gradient; where copies overlap they add up");
}

// ---- 8. Why rotate? -----------------------------------------------------

// The sum that one cell of grad_input collects, over all four windows that
// hold the cell in the middle.
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
  say("Read down, the outputs come in reading order and the weights in "
      "reverse: 4, 3, 2, 1. That is all there is to it: the first window "
      "that reaches a cell holds it in its last corner. Each input cell "
      "collects from a 2x2 patch of grad_output, times the kernel read "
      "backwards, which is the kernel rotated by 180 degrees. A window of "
      "weights that slides and sums is a convolution:");
  print("\n    rotated kernel\n");
  print_matrix(plane(rotated_weight(it.weight)), 0);
  print("    grad_output with a border of K - 1 = 1\n");
  print_matrix(plane(pad(it.grad_output, 1)), 0);
  const Doubles gathered = convolve(
      it.grad_output, rotated_weight(it.weight), Doubles({1}), 1, 1);
  print("    convolve(grad_output, rotated kernel, padding 1)\n");
  print_matrix(plane(gathered), 0);
  const Doubles grad_input =
      convolve_backward_input(it.grad_output, it.weight, it.input_shape);
  print("    Largest difference from step 7: %g\n\n",
        max_abs_difference(gathered, grad_input));
  Random random(program.seed());
  say(
      format("And with 2 images, 3 input and 4 output channels, kernels of "
             "3x3 and padding 0, 1 and 2: %.1e. With channels, the kernel "
             "from input ci to output co serves the way from co to ci: the "
             "two are exchanged as well. (This is for stride 1. "
             "Scattering works for any.)",
             largest_rotation_difference(random)));
  program.figure("rotate.png",
                 rotate_figure(plane(it.weight), plane(it.grad_output),
                               plane(grad_input)),
                 "above: four windows hold the same cell, each in another "
                 "corner; below: so the kernel slides over grad_output "
                 "turned around");
}

// ---- 9. Max-pooling -----------------------------------------------------

inline void only_winners(Program& program) {
  step("Max-pooling: the gradient goes to the winner");
  const Doubles input({1, 1, 4, 4},
                      {1, 5, 2, 0, 3, 2, 7, 6, 4, 0, 1, 2, 8, 1, 3, 9});
  const Doubles grad_output({1, 1, 2, 2}, {2, -1, 4, 3});
  const Doubles by_max = max_pool_backward(grad_output, input);
  const Doubles by_mean = average_pool_backward(grad_output, input.shape());
  say("One cell made each output: the largest of its window. A hair more "
      "in "
      "another cell changes nothing, so the winner gets the whole gradient "
      "and the others get 0. In an average every cell has the same share.");
  print("\n    input\n");
  print_matrix(plane(input), 0);
  print("    max_pool\n");
  print_matrix(plane(max_pool(input)), 0);
  print("    grad_output\n");
  print_matrix(plane(grad_output), 0);
  print("    max_pool_backward: 12 of the 16 learn nothing\n");
  print_matrix(plane(by_max), 0);
  print("    average_pool_backward: a quarter each\n");
  print_matrix(plane(by_mean), 2);
  program.figure("maxpool-gradient.png",
                 max_pool_figure(plane(input), plane(grad_output),
                                 plane(by_max), plane(by_mean)),
                 "max-pooling sends the gradient to the winners alone, "
                 "average pooling shares it out");
}

// How much max_pool's single output changes when these cells are turned by
// h, divided by h.
inline double slope(const Doubles& window, const std::vector<int>& cells,
                    double h) {
  Doubles turned = window;
  for (const int cell : cells)
    turned.data()[static_cast<std::size_t>(cell)] += h;
  return (max_pool(turned)(0, 0, 0, 0) - max_pool(window)(0, 0, 0, 0)) / h;
}

inline void ties() {
  const Doubles window({1, 1, 2, 2}, {3, 1, 0, 3});
  const Doubles given =
      max_pool_backward(Doubles({1, 1, 1, 1}, 1.0), window);
  print("\n");
  say("A tie: two cells of one window hold 3. What does the maximum do "
      "when "
      "they are turned up or down by h?");
  print("\n    window\n");
  print_matrix(plane(window), 0);
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
      {{"turned", "slope up", "slope down", "central", "backward gives"},
       row("(0, 0) alone", {0}, format("%g", given(0, 0, 0, 0))),
       row("(1, 1) alone", {3}, format("%g", given(0, 0, 1, 1))),
       row("both together", {0, 3},
           format("%g", given(0, 0, 0, 0) + given(0, 0, 1, 1)))});
  print("\n");
  say("Up, the cell that moves wins; down, the other one holds the "
      "maximum. "
      "The function has a kink here: no single slope is right, and the "
      "central difference of 0.5 is only the mean of two. So a rule "
      "decides: of equals the first in reading order gets all, the very "
      "cell that max_pool() had picked. The shares then add up to 1, as "
      "they must for both together; 1 for each would hand back twice what "
      "came in. (The checks of step 5 keep away from ties: their numbers "
      "all differ.)");
}

}  // namespace cnn
