// Steps 3 and 4: what dense and ReLU do, and why a network needs both.
// Book: book/04-backprop.md
#pragma once

#include <string>
#include <vector>

#include "04-backprop/figures.hpp"
#include "04-backprop/layer_checks.hpp"
#include "04-backprop/quadrants.hpp"
#include "04-backprop/two_layers.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

using TextRow = std::vector<std::string>;

// Prints a small matrix under its name.
inline void show(const std::string& name, const Doubles& matrix,
                 int decimals = 0) {
  print("    %s\n", name.c_str());
  print_matrix(convert<float>(matrix), decimals, "      ");
}

// ---- 3. Dense and ReLU -------------------------------------------------

inline void print_layer(const std::string& name,
                        const DenseParameters<double>& layer) {
  for (int o = 0; o < layer.weight.extent(0); ++o) {
    print("    %-7s", o == 0 ? name.c_str() : "");
    for (int i = 0; i < layer.weight.extent(1); ++i)
      print("%5g", layer.weight(o, i));
    print("   bias%5g\n", layer.bias(o));
  }
}

// Prints the same layer's backward pass, number by number.
inline void print_dense_backward(const Doubles& input,
                                 const DenseParameters<double>& layer) {
  const Doubles& weight = layer.weight;
  const Doubles grad_output({1, 2}, {1, 2});
  const Doubles grad_input = dense_backward_input(grad_output, weight);
  const ParameterGradients<double> grads =
      dense_backward_parameters(grad_output, input);
  say("Backwards, by (4.2), (4.3) and (4.4): let the gradients 1 and 2 "
      "arrive at the two outputs. Inputs and outputs are counted from 0, "
      "and grad_weight(o, i) is the gradient of the weight from input i to "
      "output o.");
  print("\n");
  for (int i = 0; i < 2; ++i)
    print("    grad_input(%d)     = %g * %g + %g * %g = %g\n", i,
          grad_output(0, 0), weight(0, i), grad_output(0, 1), weight(1, i),
          grad_input(0, i));
  for (int o = 0; o < 2; ++o)
    print("    grad_bias(%d)      = %g\n", o, grads.bias(o));
  for (int o = 0; o < 2; ++o)
    for (int i = 0; i < 2; ++i)
      print("    grad_weight(%d, %d) = %g * %g = %g\n", o, i,
            grad_output(0, o), input(0, i), grads.weight(o, i));
  print("\n");
}

inline void dense_by_hand() {
  step("A dense layer by hand, and ReLU");
  say("In a dense layer every output looks at every input: an output is "
      "its own bias plus all the inputs, each times a weight, by (4.1). "
      "Such numbers in brackets name the equations of chapter 04's page.");
  const Doubles input({1, 2}, {2, -1});
  const DenseParameters<double> layer{Doubles({2, 2}, {1, 3, -1, 0.5}),
                                      Doubles({2}, {0.5, 4})};
  const auto& [weight, bias] = layer;
  const Doubles output = dense(input, weight, bias);
  print("\n    %-7s%5g%5g\n", "input", input(0, 0), input(0, 1));
  print_layer("weight", layer);
  print("\n");
  for (int o = 0; o < 2; ++o)
    print("    output(%d) = %g + %g * %g + %g * %g = %g;  dense(): %g\n", o,
          bias(o), weight(o, 0), input(0, 0), weight(o, 1), input(0, 1),
          bias(o) + weight(o, 0) * input(0, 0) + weight(o, 1) * input(0, 1),
          output(0, o));
  print("\n");
  print_dense_backward(input, layer);
  say("ReLU (rectified linear unit) has no weights: what is negative "
      "becomes 0, the rest stays as it is (4.5).");
  const Doubles before({5}, {-3, -0.5, 0, 0.5, 3});
  print("\n");
  show("before", before, 1);
  show("after", relu(before), 1);
}

// ---- 4. Two layers in a row --------------------------------------------

// The mean of inputs 0 and 1, of 2 and 3, ...  (N, F) -> (N / 2, F)
inline Doubles midpoints(const Doubles& pairs) {
  Doubles middle({pairs.extent(0) / 2, pairs.extent(1)});
  for (int n = 0; n < middle.extent(0); ++n)
    for (int f = 0; f < middle.extent(1); ++f)
      middle(n, f) = (pairs(2 * n, f) + pairs(2 * n + 1, f)) / 2;
  return middle;
}

inline void print_merging(const DenseParameters<double>& first,
                          const DenseParameters<double>& second) {
  const DenseParameters<double> one = merged(first, second);
  const auto &W1 = first.weight, &W2 = second.weight;
  say("Layer 1 takes 2 numbers to 3, layer 2 takes those 3 to 2. Put one "
      "into the other and multiply out: what is left is a single layer.");
  print(
      "\n    W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2) = W x + b\n\n");
  print_layer("W1, b1", first);
  print("\n");
  print_layer("W2, b2", second);
  print("\n");
  print_layer("W, b", one);
  print("\n    W(0, 0) = %g * %g + %g * %g + %g * %g = %g\n\n", W2(0, 0),
        W1(0, 0), W2(0, 1), W1(1, 0), W2(0, 2), W1(2, 0), one.weight(0, 0));
}

inline void two_layers_are_one(const Program& program) {
  step("Two linear layers in a row are one, unless ReLU comes between");
  const DenseParameters<double> first{Doubles({3, 2}, {1, 2, -1, 1, 0, -2}),
                                      Doubles({3}, {1, 0, -1})};
  const DenseParameters<double> second{Doubles({2, 3}, {1, -1, 2, 3, 0, 1}),
                                       Doubles({2}, {0, 5})};
  print_merging(first, second);

  Random random(program.seed());
  const Doubles input = random_doubles({2000, 2}, random);
  const Doubles middle = midpoints(input);
  const DenseParameters<double> one = merged(first, second);
  const Doubles merged_output = dense(input, one.weight, one.bias);
  const auto row = [&](const std::string& name, const Doubles& output,
                       const Doubles& at_middle) -> TextRow {
    return {
        name, format("%.3g", max_abs_difference(output, merged_output)),
        format("%.3g", max_abs_difference(midpoints(output), at_middle))};
  };
  say("Tried on 2,000 random inputs. 'From W x + b' is the largest "
      "difference from that single layer. Could another single layer do "
      "it? Whatever its weights, W x + b takes the middle between two "
      "inputs to the middle between their outputs. 'Off the middle' says "
      "how far from there the two layers land at worst.");
  print("\n");
  print_table({{"between the two", "from W x + b", "off the middle"},
               row("nothing", two_linear_layers(input, first, second),
                   two_linear_layers(middle, first, second)),
               row("ReLU", two_layers_with_relu(input, first, second),
                   two_layers_with_relu(middle, first, second))});
  print("\n");
  say("With ReLU between them, no single layer does the same, whatever its "
      "weights.");
}

// Prints the network's score at a point: of its four numbers after ReLU,
// the first two minus the other two.
inline void print_score_at(float x1, float x2) {
  const auto [first, second] = quadrant_network();
  const Tensor<> after_relu =
      relu(dense(Tensor<>({1, 2}, {x1, x2}), first.weight, first.bias));
  const Doubles h = convert<double>(after_relu);
  const Doubles score =
      convert<double>(dense(after_relu, second.weight, second.bias));
  print("    At (%g, %2g): %g + %g - %g - %g = %2g, so %s.\n",
        static_cast<double>(x1), static_cast<double>(x2), h(0, 0), h(0, 1),
        h(0, 2), h(0, 3), score(0, 0), score(0, 0) > 0 ? "A" : "B");
}

inline void what_relu_buys(Program& program) {
  Random random(program.seed());
  const QuadrantPoints points = quadrant_points(10, random);
  const LinearSearch best = best_line(points);
  const auto [first, second] = quadrant_network();
  const Classifier bent = [&](const Tensor<>& at) {
    return two_layers_with_relu(at, quadrant_network().first,
                                quadrant_network().second);
  };
  const DenseParameters<float> one = merged(first, second);
  print("\n");
  say(
      format("What does that buy? Take %d points in the plane, of class A "
             "where x1 and x2 have the same sign and of class B where they "
             "do not. A score above 0 says A. One layer, score = w1 x1 + "
             "w2 x2 + b, draws a straight line. Two layers with ReLU can "
             "do this, with weights made by hand:",
             points.size()));
  print("\n    relu(x1 + x2) + relu(-x1 - x2) - relu(x1 - x2) - ");
  print("relu(x2 - x1)\n\n");
  print_score_at(2, 1);
  print_score_at(2, -1);
  print("\n");
  print_table(
      {{"classifier", "points right"},
       {format("the best of %d lines", best.tried),
        format("%d of %d", best.right, points.size())},
       {"two layers with ReLU",
        format("%d of %d", points_right(points, bent), points.size())}});
  print("\n");
  say(
      format("Without its ReLU the same network is a single layer with "
             "weights (%g, %g) and bias %g: its score is 0 everywhere.",
             one.weight(0, 0), one.weight(0, 1), one.bias(0)));
  const int wrong = points.size() - best.right;
  const std::string wrong_side =
      4 * wrong == points.size()
          ? "a quarter"
          : format("%d of %d points", wrong, points.size());
  program.figure(
      "boundary.png", boundary_figure(points, best, bent),
      "the best straight line leaves " + wrong_side +
          " on the wrong side; with ReLU the boundary turns a corner");
}

}  // namespace cnn
