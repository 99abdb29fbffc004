// Steps 1 and 2: what dense and ReLU do, and why a network needs both.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "04-backprop/figures.hpp"
#include "04-backprop/layer_checks.hpp"
#include "04-backprop/quadrants.hpp"
#include "04-backprop/two_layers.hpp"
#include "common/program.hpp"
#include "common/terminal.hpp"

namespace cnn {

using TextRow = std::vector<std::string>;

inline void say(const std::string& text) {
  print("%s", wrapped(text).c_str());
}

// ---- 1. Dense and ReLU --------------------------------------------------

inline void dense_by_hand() {
  step("A dense layer by hand, and ReLU");
  say("In a dense layer every output looks at every input: it is its own "
      "bias plus all the inputs, each times a weight (4.1).");
  const Doubles input({1, 2}, {2, -1});
  const Doubles weight({2, 2}, {1, 3, -1, 0.5});
  const Doubles bias({2}, {0.5, 4});
  const Doubles output = dense(input, weight, bias);
  print("\n    input (%g, %g), weight and bias:\n\n", input(0, 0),
        input(0, 1));
  for (int o = 0; o < 2; ++o)
    print("    %5g %5g    %5g\n", weight(o, 0), weight(o, 1), bias(o));
  print("\n");
  for (int o = 0; o < 2; ++o)
    print(
        "    output(%d) = %g + %g * %g + %g * %g = %g;  dense() says %g\n",
        o, bias(o), weight(o, 0), input(0, 0), weight(o, 1), input(0, 1),
        bias(o) + weight(o, 0) * input(0, 0) + weight(o, 1) * input(0, 1),
        output(0, o));
  print("\n");
  say("ReLU (rectified linear unit) has no weights: what is negative "
      "becomes 0, the rest stays as it is (4.2).");
  const Tensor<> before({5}, {-3, -0.5f, 0, 0.5f, 3});
  print("\n    before\n");
  print_matrix(before, 1);
  print("    after\n");
  print_matrix(relu(before), 1);
}

// ---- 2. Two layers in a row ---------------------------------------------

// The mean of inputs 0 and 1, of 2 and 3, ...  (N, F) -> (N / 2, F)
inline Doubles midpoints(const Doubles& pairs) {
  Doubles middle({pairs.extent(0) / 2, pairs.extent(1)});
  for (int n = 0; n < middle.extent(0); ++n)
    for (int f = 0; f < middle.extent(1); ++f)
      middle(n, f) = (pairs(2 * n, f) + pairs(2 * n + 1, f)) / 2;
  return middle;
}

inline void two_layers_are_one(const Program& program) {
  step(
      "Two linear layers in a row are one; with ReLU between they are not");
  const DenseLayer<double> first{Doubles({3, 2}, {1, 2, -1, 1, 0, -2}),
                                 Doubles({3}, {1, 0, -1})};
  const DenseLayer<double> second{Doubles({2, 3}, {1, -1, 2, 3, 0, 1}),
                                  Doubles({2}, {0, 5})};
  const DenseLayer<double> one = merged(first, second);
  say("Layer 1 takes 2 numbers to 3, layer 2 takes those 3 to 2. "
      "Multiplied "
      "out, W2 (W1 x + b1) + b2 is a single layer again, with "
      "W = W2 W1 and b = W2 b1 + b2:");
  print("\n    W1\n");
  print_matrix(convert<float>(first.weight), 0);
  print("    W2\n");
  print_matrix(convert<float>(second.weight), 0);
  print("    W = W2 W1\n");
  print_matrix(convert<float>(one.weight), 0);
  print("    b = W2 b1 + b2 = (%g, %g)\n\n", one.bias(0), one.bias(1));

  Random random(program.seed());
  const Doubles input = random_doubles({2000, 2}, random);
  const Doubles middle = midpoints(input);
  const Doubles merged_output = dense(input, one.weight, one.bias);
  const Doubles linear = two_linear_layers(input, first, second);
  const Doubles bent = two_layers_with_relu(input, first, second);
  const auto row = [&](const std::string& name, const Doubles& output,
                       const Doubles& at_middle) -> TextRow {
    return {
        name, format("%.1e", max_abs_difference(output, merged_output)),
        format("%.1e", max_abs_difference(midpoints(output), at_middle))};
  };
  say("On 2,000 random inputs, the largest difference from that one layer, "
      "and how far the output for the middle between two inputs lies from "
      "the middle of their outputs. Whatever its weights, a linear layer "
      "takes the middle to the middle; what does not is no linear layer, "
      "merged or otherwise.");
  print("\n");
  print_table({{"two layers", "from the one layer", "off the middle"},
               row("nothing between", linear,
                   two_linear_layers(middle, first, second)),
               row("ReLU between", bent,
                   two_layers_with_relu(middle, first, second))});
  print("\n");
  say("(e-15 stands for 15 zeros before the number: the rounding of a "
      "double.)");
}

inline void what_relu_buys(Program& program) {
  Random random(program.seed());
  const QuadrantPoints points = quadrant_points(10, random);
  const LinearSearch best = best_line(points);
  const auto [first, second] = quadrant_network();
  const auto bent = [&](const Tensor<>& at) {
    return two_layers_with_relu(at, first, second);
  };
  const DenseLayer<float> one = merged(first, second);
  print("\n");
  say("What that buys: " + std::to_string(points.size()) +
      " points in the plane, of class A where x1 and x2 have the same sign "
      "and of class B where they have not. A score above 0 says A. One "
      "linear layer, score = w1 x1 + w2 x2 + b, draws a straight line. Two "
      "layers with ReLU, weights made by hand:");
  print(
      "\n    score = relu(x1 + x2) + relu(-x1 - x2)\n"
      "          - relu(x1 - x2) - relu(x2 - x1)\n\n");
  say("which is |x1 + x2| - |x1 - x2|. At (2, 1): 3 + 0 - 1 - 0 = 2, so A. "
      "At (2, -1): 1 + 0 - 3 - 0 = -2, so B.");
  print("\n");
  print_table(
      {{"classifier", "points right"},
       {format("best of %d lines tried", best.tried),
        format("%d of %d", best.right, points.size())},
       {"two layers with ReLU",
        format("%d of %d", points_right(points, bent), points.size())}});
  print("\n");
  say(
      format("Without its ReLU the same network merges into w = (%g, %g), "
             "b = %g: its score is 0 everywhere.",
             one.weight(0, 0), one.weight(0, 1), one.bias(0)));
  program.figure("boundary.png", boundary_figure(points, best, bent),
                 "the best straight line must leave a quarter on the wrong "
                 "side; with ReLU the boundary can turn a corner");
}

}  // namespace cnn
