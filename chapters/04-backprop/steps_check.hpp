// Steps 8 and 9: every layer's gradient compared with central differences,
// and what the same check says about wrong ones.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "04-backprop/figures.hpp"
#include "04-backprop/layer_checks.hpp"
#include "04-backprop/nudges.hpp"
#include "04-backprop/planted_bugs.hpp"
#include "04-backprop/steps_layers.hpp"

namespace cnn {

struct CheckedLayer {
  std::string name;
  std::vector<GradientCheck> checks;
};

inline std::vector<CheckedLayer> check_all_layers(Random& random) {
  return {
      {"dense 5 -> 4", check_dense(3, 5, 4, random)},
      {"ReLU", check_relu({2, 3, 5, 4}, random)},
      {"convolution 3x3", check_convolution({}, random)},
      {"  padding 1", check_convolution({.padding = 1}, random)},
      {"  stride 2, padding 2",
       check_convolution({.stride = 2, .padding = 2}, random)},
      {"max-pool 2x2", check_max_pool({2, 3, 6, 6}, {}, random)},
      {"  3x3, stride 2, padding 1",
       check_max_pool({2, 3, 7, 6}, {3, 2, 1}, random)},
      {"average pool 2x2", check_average_pool({2, 3, 6, 6}, {}, random)},
      {"  3x3, stride 2, padding 1",
       check_average_pool({2, 3, 7, 6}, {3, 2, 1}, random)}};
}

inline void print_checks(const std::vector<CheckedLayer>& layers) {
  std::vector<TextRow> rows = {
      {"layer", "gradient", "numbers", "max error", ""}};
  for (const CheckedLayer& layer : layers)
    for (const GradientCheck& check : layer.checks) {
      const bool first = &check == &layer.checks.front();
      rows.push_back({first ? layer.name : "", check.name,
                      std::to_string(check.numbers),
                      format("%.1e", check.error),
                      check.passed() ? "ok" : "WRONG"});
    }
  print("\n");
  print_table(rows);
  print("\n");
}

// ---- 8. The nudge, and all the layers ----------------------------------

// Shows that on a curve the size of the nudge matters.
inline void how_large_a_nudge(Program& program) {
  const std::vector<NudgeErrors> errors = compute_nudge_errors(12);
  print("\n");
  say("Those losses were straight lines. On a curve the size of the nudge "
      "matters. The slope of w^3 at w = 1 is 3. Measured both ways it is 3 "
      "+ h^2, and one way it is 3 + 3 h + h^2, until rounding takes over. "
      "The errors:");
  std::vector<TextRow> rows = {{"h", "one way", "both ways"}};
  for (const NudgeErrors& it : errors)
    rows.push_back({format("%.0e", it.h), format("%.0e", it.one_way),
                    format("%.0e", it.both_ways)});
  print("\n");
  print_table(rows);
  program.figure("nudge.svg", nudge_figure(errors),
                 "from right to left: the curve's share falls, rounding's "
                 "share rises");
}

inline void gradients_of_all_layers(Program& program) {
  step("Every layer, forward and backward, checked");
  say("A layer's backward pass is handed grad_output: for each number of "
      "its output, how the loss changes with it. It returns how the loss "
      "changes with each number of its input and with each weight. To "
      "check one layer alone, the loss here is the sum of output times "
      "probe, where the probe is random numbers; then grad_output is the "
      "probe. Every number that goes in is nudged up and down as in step "
      "1, but by h = 0.001, and in double. The error is |computed - "
      "measured| divided by the larger of the two (or by 0.001 if both are "
      "smaller); below 1e-6, which is 0.000001, it is ok. 'Numbers' counts "
      "those that were nudged, and a layer whose name is indented is a "
      "variant of the last one whose name is not.");
  Random random(program.seed());
  const std::vector<CheckedLayer> layers = check_all_layers(random);
  print_checks(layers);
  double worst = 0;
  int numbers = 0;
  bool passed = true;
  for (const CheckedLayer& layer : layers)
    for (const GradientCheck& check : layer.checks) {
      worst = std::max(worst, check.error);
      numbers += check.numbers;
      passed = passed && check.passed();
    }
  say(format("%d gradients compared, the largest error %.1e: %s.", numbers,
             worst, passed ? "all ok" : "NOT all ok"));
  program.report("worst_gradient_error", format("%.1e", worst));
  program.report("gradients_checked", std::to_string(numbers));
  how_large_a_nudge(program);
}

// ---- 9. Wrong ones -----------------------------------------------------

inline void planted_bugs(const Program& program) {
  step("Wrong gradients, handed to the same check");
  say("Two common mistakes. One returns the bias where its gradient "
      "belongs. The other assigns each window's gradient to the winning "
      "cell, where it should add: a cell that wins several windows keeps "
      "only the last. Nothing crashes, and a network trained with them "
      "runs without complaint.");
  Random random(program.seed());
  const std::vector<CheckedLayer> layers = {
      {"dense, bias as its gradient",
       check_dense(3, 5, 4, random,
                   dense_backward_with_bias_as_gradient<double>)},
      {"max-pool 3x3, assigns",
       check_max_pool({2, 3, 7, 6}, {3, 2, 1}, random,
                      max_pool_backward_that_assigns<double>)},
      {"max-pool 2x2, assigns",
       check_max_pool({2, 3, 6, 6}, {2, 2, 0}, random,
                      max_pool_backward_that_assigns<double>)}};
  print_checks(layers);
  if (layers[0].checks.back().passed() || layers[1].checks[0].passed() ||
      !layers[2].checks[0].passed())
    return;  // what follows would be false
  say("The check names the gradient that is wrong. The last row is the "
      "same wrong function, and it passes: windows of 2x2 that move by 2 "
      "do not overlap, so there is nothing to add. Those of 3x3 above move "
      "by 2 as well and do overlap. A check sees only the cases that it is "
      "given.");
}

}  // namespace cnn
