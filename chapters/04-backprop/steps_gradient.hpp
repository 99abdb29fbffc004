// Steps 1 and 2: what a gradient is good for, and how the chain rule finds
// it.
// Book: book/04-backprop.md
#pragma once

#include <string>
#include <vector>

#include "04-backprop/branching.hpp"
#include "04-backprop/descent.hpp"
#include "04-backprop/expression.hpp"
#include "04-backprop/figures.hpp"
#include "04-backprop/gradient_check.hpp"
#include "04-backprop/steps_layers.hpp"

namespace cnn {

// ---- 1. Downhill with one weight ---------------------------------------

inline void one_step_by_hand(const OneWeight& network, double w,
                             double learning_rate) {
  const double x = network.x, t = network.t;
  say("The smallest network has one weight, and its loss says how wrong it "
      "is, with t the output that we want:");
  print("\n    output = w x      loss = (w x - t)^2\n\n");
  say("The gradient of the loss is its slope: raise w by a tiny h, and the "
      "loss changes by the gradient times h. The derivative from school is "
      "2 (w x - t) x, and measuring gives the same.");
  print("\n    x = %g, t = %g, and w = %g to begin with\n\n", x, t, w);
  print("    loss     = (%g * %g - %g)^2       = %g\n", w, x, t,
        network.loss(w));
  print("    gradient = 2 * (%g * %g - %g) * %g = %g\n", w, x, t, x,
        network.gradient(w));
  const double h = 1e-5;
  print(
      "    measured = (loss(w + h) - loss(w - h)) / 2h = %.6f, h = %g\n\n",
      (network.loss(w + h) - network.loss(w - h)) / (2 * h), h);
  const double after = descend(network, w, learning_rate, 1).back();
  say("A negative gradient: the loss falls as w rises, so w should rise. A "
      "step always goes against the gradient. The learning rate says how "
      "far.");
  print("\n    w - learning rate * gradient = %g - %g * %g = %g\n", w,
        learning_rate, network.gradient(w), after);
  print("    new loss = (%g * %g - %g)^2 = %g, was %g\n\n", after, x, t,
        network.loss(after), network.loss(w));
}

inline void one_weight_downhill(Program& program) {
  step("Downhill with one weight");
  const OneWeight network;
  const double start = 1.0;
  one_step_by_hand(network, start, 0.05);
  const std::vector<Descent> descents = {
      {"too small", 0.005, descend(network, start, 0.005, 20)},
      {"good", 0.05, descend(network, start, 0.05, 20)},
      {"at once", 0.125, descend(network, start, 0.125, 20)},
      {"too large", 0.26, descend(network, start, 0.26, 20)}};
  say("The loss after 1, 2, 5, 10 and 20 such steps, with four learning "
      "rates:");
  std::vector<TextRow> rows = {
      {"learning rate", "start", "1", "2", "5", "10", "20"}};
  for (const Descent& descent : descents) {
    TextRow row = {
        format("%g, %s", descent.learning_rate, descent.name.c_str())};
    for (const std::size_t at : {0u, 1u, 2u, 5u, 10u, 20u})
      row.push_back(format("%.3g", network.loss(descent.weights[at])));
    rows.push_back(row);
  }
  print("\n");
  print_table(rows);
  print("\n");
  say(
      format("Here the gradient is %g times the difference w - %g. So each "
             "step multiplies that difference by 1 - %g * learning rate:",
             2 * network.x * network.x, network.t / network.x,
             2 * network.x * network.x));
  print("\n");
  for (const Descent& descent : descents) {
    const double factor =
        1 - 2 * network.x * network.x * descent.learning_rate;
    print("    %-9s  1 - %g * %-5g = %5.2f\n", descent.name.c_str(),
          2 * network.x * network.x, descent.learning_rate, factor);
  }
  print("\n");
  say("If that factor is 0, w arrives in one step. Below 0, w jumps over "
      "the goal at each step; below -1 it lands farther away than it was.");
  program.figure("learning-rate.svg",
                 learning_rate_figure(network, descents),
                 "too small: slow; good: a fast fall; too large: every "
                 "step makes it worse");
  program.figure(
      "valley.svg", valley_figure(network, descents),
      "the same steps in the valley of the loss: one walks down, one "
      "arrives at once, one leaps across and climbs out");
}

// ---- 2. The chain rule -------------------------------------------------

// The gradients, measured by nudging each of the nine numbers.
inline ExpressionGradients measured_gradients(const ExpressionInputs& in) {
  const Loss loss = [&](const Tensor<double>& nudge) {
    const ExpressionInputs inputs{in.w + nudge(0), in.x + nudge(1),
                                  in.b + nudge(2), in.t + nudge(3)};
    const ExpressionValues results{nudge(4), nudge(5), nudge(6), nudge(7),
                                   nudge(8)};
    return expression_forward(inputs, results).loss;
  };
  const Tensor<double> g = numerical_gradient(loss, Tensor<double>({9}));
  ExpressionGradients measured{};
  measured.w = g(0), measured.x = g(1), measured.b = g(2);
  measured.t = g(3), measured.a = g(4), measured.z = g(5);
  measured.r = g(6), measured.d = g(7), measured.loss = g(8);
  return measured;
}

inline void print_forward(const ExpressionInputs& in,
                          const ExpressionValues& v) {
  const auto row = [](const char* formula, const std::string& numbers,
                      double value) -> TextRow {
    return {formula, numbers, format("%g", value)};
  };
  print_table({{"forward", "in numbers", "value"},
               row("a = w x", format("%g * %g", in.w, in.x), v.a),
               row("z = a + b", format("%g + %g", v.a, in.b), v.z),
               row("r = relu(z)", format("relu(%g)", v.z), v.r),
               row("d = r - t", format("%g - %g", v.r, in.t), v.d),
               row("loss = d^2", format("%g * %g", v.d, v.d), v.loss)});
}

// x itself, but 0 for -0, which would be printed with its sign.
inline double unsigned_zero(double x) {
  return x == 0 ? 0 : x;
}

inline void print_backward(const ExpressionInputs& in,
                           const ExpressionValues& v) {
  const ExpressionGradients g = expression_backward(in, v);
  const ExpressionGradients m = measured_gradients(in);
  const auto row = [](const char* name, const std::string& rule,
                      const std::string& numbers, double gradient,
                      double measured) -> TextRow {
    return {name, rule, numbers, format("%g", unsigned_zero(gradient)),
            format("%.6f", measured)};
  };
  const auto times = [](double arrives, double slope) {
    return format("%g * %g", unsigned_zero(arrives), unsigned_zero(slope));
  };
  const double open = v.z > 0 ? 1 : 0;
  print_table(
      {{"backward", "the slope here", "in numbers", "gradient", "measured"},
       row("loss", "loss by loss: 1", "1", g.loss, m.loss),
       row("d", "d^2 by d: 2 d", times(g.loss, 2 * v.d), g.d, m.d),
       row("r", "r - t by r: 1", times(g.d, 1), g.r, m.r),
       row("t", "r - t by t: -1", times(g.d, -1), g.t, m.t),
       row("z", "relu(z) by z: 1 or 0", times(g.r, open), g.z, m.z),
       row("a", "a + b by a: 1", times(g.z, 1), g.a, m.a),
       row("b", "a + b by b: 1", times(g.z, 1), g.b, m.b),
       row("w", "w x by w: x", times(g.a, in.x), g.w, m.w),
       row("x", "w x by x: w", times(g.a, in.w), g.x, m.x)});
}

inline void chain_rule(Program& program) {
  step("The chain rule, node by node");
  const ExpressionInputs in{program.number("w"), program.number("x"),
                            program.number("b"), program.number("t")};
  const ExpressionValues v = expression_forward(in);
  say(
      format("A longer way to a loss: loss = (relu(w x + b) - t)^2, with w "
             "= %g, x = %g, b = %g, t = %g. (relu(z) is z where z is above "
             "0, and 0 elsewhere.) Forward, one operation at a time:",
             in.w, in.x, in.b, in.t));
  print("\n");
  print_forward(in, v);
  print("\n");
  say("Backward, from the loss to the front. Each operation knows only its "
      "own slope: 'r - t by t: -1' says that r - t falls by as much as t "
      "rises. The chain rule multiplies: the gradient of the next result, "
      "times the slope here, is the gradient that goes on.");
  print("\n");
  print_backward(in, v);
  print("\n");
  if (v.z == 0) {
    say("z is exactly 0, where relu has a corner and no slope. Backward "
        "takes slope 0. Measuring nudges z to both sides and gives half of "
        "the slope of the open side.");
    print("\n");
  }
  say("\"Measured\" is the central difference: each number is nudged up "
      "and down by h = 0.00001, and the change of the loss is divided by "
      "2h. All nine gradients took one walk back; nine measurements took "
      "eighteen walks forward.");
  const ExpressionInputs off{in.w, in.x, -in.w * in.x - 1, in.t};
  const ExpressionValues dark = expression_forward(off);
  const ExpressionGradients grad = expression_backward(off, dark);
  print("\n");
  say(
      format("With b = %g, z is %g and ReLU closes: r = %g, the loss is "
             "%g, and the gradients of w, x and b are %g, %g and %g. No "
             "weight before a closed ReLU learns from this example.",
             off.b, dark.z, dark.r, dark.loss, unsigned_zero(grad.w),
             unsigned_zero(grad.x), unsigned_zero(grad.b)));
  program.figure("chain.svg",
                 chain_figure(in, v, expression_backward(in, v)),
                 "values go to the right above the line, gradients come "
                 "back below it");
}

inline BranchingGradients measured_branching(const BranchingInputs& in) {
  const Tensor<double> g = numerical_gradient(
      [](const Tensor<double>& at) {
        return branching_forward({at(0), at(1), at(2)}).loss;
      },
      Tensor<double>({3}, {in.x, in.y, in.z}));
  BranchingGradients measured{};
  measured.x = g(0), measured.y = g(1), measured.z = g(2);
  return measured;
}

inline void two_ways(Program& program) {
  const BranchingInputs in{3, 2, 1};
  const BranchingValues v = branching_forward(in);
  const BranchingGradients g = branching_backward(in, v);
  const BranchingGradients m = measured_branching(in);
  print("\n");
  say(format(
      "A number that is used twice: loss = (x + y) max(x, z), with x = %g, "
      "y = %g, z = %g. Forward: s = x + y = %g, m = max(x, z) = %g, loss = "
      "s m = %g. Backward, with the three that go in measured as well:",
      in.x, in.y, in.z, v.s, v.m, v.loss));
  print("\n");
  const auto row = [](const char* name, const char* why,
                      const std::string& numbers, double gradient,
                      const std::string& measured) -> TextRow {
    return {name, why, numbers, format("%g", gradient), measured};
  };
  const auto six = [](double number) { return format("%.6f", number); };
  print_table({{"of", "each path to the loss", "in numbers", "gradient",
                "measured"},
               row("s", "product: the other factor", format("1 * %g", v.m),
                   g.s, ""),
               row("m", "product: the other factor", format("1 * %g", v.s),
                   g.m, ""),
               row("y", "sum: all of it", format("%g", g.s), g.y, six(m.y)),
               row("z", "maximum: not the larger", "0", g.z, six(m.z)),
               row("x", "sum, and maximum: all of it",
                   format("%g + %g", g.s, g.m), g.x, six(m.x))});
  program.figure(
      "branching.svg", branching_figure(in, v, g),
      "x is used twice, so what comes back along its two paths adds up");
}

}  // namespace cnn
