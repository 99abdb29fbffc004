// Steps 4 and 5: what an answer costs, and how that changes with each
// score.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/examples.hpp"
#include "05-softmax/figures.hpp"
#include "05-softmax/gradient_examples.hpp"
#include "05-softmax/steps_scores.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// How the network ranked the true class: 0 is A, 1 is B, 2 is C.
inline std::string verdict(int truth) {
  const char* verdicts[] = {"its first choice", "its second choice",
                            "its last choice"};
  return verdicts[truth];
}

// ---- 4. Cross-entropy --------------------------------------------------

inline std::vector<std::string> cost_row(const std::string& truth_was,
                                         const std::string& truth,
                                         const Cost& cost) {
  return {truth_was, truth, decimal(cost.p, 4), decimal(cost.minus_ln, 3),
          decimal(cost.cross_entropy, 3)};
}

inline void show_costs(Program& program, const Tensor<>& z) {
  const Cost known_nothing = cost_of(Tensor<>({1, 10}), 0);
  Rows table = {
      {"the truth was", "truth", "p_y", "-ln p_y", "cross_entropy()"}};
  std::vector<std::pair<std::string, float>> marks;
  for (int y = 0; y < 3; ++y) {
    const Cost cost = cost_of(z, y);
    table.push_back(cost_row(verdict(y), class_name(y), cost));
    marks.push_back({"truth: " + verdict(y), cost.p});
  }
  table.push_back(cost_row("one of ten equals", "any", known_nothing));
  marks.push_back({"truth: one of ten equals", known_nothing.p});
  show(table);
  paragraph(
      format("From A to B and from B to C the loss grows by exactly the "
             "difference of their scores, %.0f and %.0f. And knowing "
             "nothing about ten classes costs ln 10 = %.3f: a network with "
             "ten classes and nearly equal scores should begin near it.",
             static_cast<double>(z(0, 0) - z(0, 1)),
             static_cast<double>(z(0, 1) - z(0, 2)),
             static_cast<double>(known_nothing.cross_entropy)));
  program.figure("cross-entropy.svg", cross_entropy_figure(marks),
                 "low at the right, where the answer is good; rising "
                 "without end at the left");
}

inline void show(const ThreeLosses& losses) {
  print_table({{"loss", "nats"},
               {"-ln of softmax_naive()", decimal(losses.naive, 1)},
               {"-ln of softmax()", decimal(losses.stable, 1)},
               {"cross_entropy()", decimal(losses.together, 1)}});
}

inline void what_an_answer_costs(Program& program) {
  step("Cross-entropy: one number for how wrong an answer is");
  paragraph(
      "We have the probabilities for one image, and y, what it really is. "
      "The loss is -ln p_y, where p_y is the probability that was given to "
      "the truth. Being sure and right costs next to nothing, being sure "
      "and wrong costs a lot. The loss is counted in nats, because the "
      "logarithm is the natural one. Here are our three scores again, for "
      "each of the three possible truths, and ten equal scores, as from a "
      "network that knows nothing:");
  show_costs(program, example_logits());
  print("\n");
  paragraph(
      "The logarithm has its own trap. Let the scores be 0 and -200, and "
      "the second be the truth: its probability is too small for a float. "
      "The loss is finite all the same if the exponential and the "
      "logarithm are taken together: -ln p_y = ln(sum of e^(z - m)) - (z_y "
      "- m), where m is the largest score.");
  show(compute_three_losses(Tensor<>({1, 2}, {0, -200}), 1));
}

// ---- 5. The gradient ---------------------------------------------------

// The answer that step 5 takes for the truth: 0 for A, 1 for B, 2 for C.
inline int chosen_truth(const Program& program) {
  const std::vector<std::string>& names = example_classes();
  const auto found =
      std::find(names.begin(), names.end(), program.choice("truth"));
  return static_cast<int>(found - names.begin());
}

// Says only whether an error is below a limit, because the error's digits
// come from rounding, and differ from machine to machine.
inline std::string against(double error, double limit) {
  return (error < limit ? "less than " : "more than ") +
         format("%.0e", limit);
}

inline void show(const MeasuredGradient& gradient, const Tensor<>& p,
                 int truth) {
  Rows table = {{"answer", "p", "y", "p - y", "measured"}};
  for (int k = 0; k < 3; ++k)
    table.push_back({class_name(k), decimal(p(0, k), 6),
                     k == truth ? "1" : "0",
                     format("%.6f", gradient.computed(0, k)),
                     format("%.6f", gradient.measured(0, k))});
  table.push_back(
      {"sum", "", "", decimal(static_cast<float>(gradient.sum), 6), ""});
  show(table);
}

inline void show_one_step(const Tensor<>& before, int truth) {
  paragraph(
      "Going against the gradient raises the score of the truth by as much "
      "as its probability lacked, and lowers each of the others by the "
      "probability that it had wrongly been given. What one gains the "
      "others lose: the sum is 0. One step with learning rate 1:");
  Rows table = {{"", "z of A", "z of B", "z of C", "p of truth", "loss"}};
  for (const Tensor<>& z : {before, after_one_step(before, truth)})
    table.push_back({table.size() == 1 ? "before" : "after",
                     decimal(z(0, 0), 3), decimal(z(0, 1), 3),
                     decimal(z(0, 2), 3), decimal(softmax(z)(0, truth), 3),
                     decimal(cross_entropy(z, {truth}), 3)});
  show(table);
}

// What if the square of the shortfall, 1 - p_y, were the loss?
inline void show_squared_error(Program& program, const Tensor<>& z) {
  paragraph(
      "Would the square of the shortfall do as well, (1 - p_y)^2? Here is "
      "the gradient of each with respect to the score of the truth. It is "
      "negative, so a step raises that score:");
  Rows table = {{"the truth was", "p_y", "of -ln p_y", "of (1 - p_y)^2"}};
  std::vector<Pull> pulls;
  for (int y = 0; y < 3; ++y) {
    const Pull pull = compute_pull(z, y);
    pulls.push_back(pull);
    table.push_back({verdict(y), format("%.4f", pull.p),
                     format("%.4f", pull.cross_entropy),
                     format("%.4f", pull.squared)});
  }
  show(table);
  paragraph(
      std::string("The square ") +
      (square_forsakes_the_least(pulls)
           ? "pulls least where the truth was thought least likely: its "
           : "does not pull least where the truth was thought least "
             "likely, although its ") +
      "gradient has p_y as a factor.");
  program.figure("pulls.svg", pulls_figure(),
                 "which of the two pulls when the network is sure and "
                 "wrong?");
}

inline void show_repeated_image(const Tensor<>& z, int truth) {
  paragraph(
      "The loss of a batch of N images is the mean of theirs, so each "
      "image's gradient, a row, is divided by N. Take the same image N "
      "times: each row gets smaller, but the sum over the rows does not, "
      "so a step is as long with a large batch as with a small one.");
  Rows table = {{"N", "row for A", "row for B", "row for C",
                 "sum for " + class_name(truth)}};
  for (const int N : {1, 2, 4}) {
    const RepeatedImage it = repeat_image(z, truth, N);
    table.push_back({std::to_string(N), decimal(it.row(0, 0), 4),
                     decimal(it.row(0, 1), 4), decimal(it.row(0, 2), 4),
                     decimal(it.sum_for_truth, 4)});
  }
  print_table(table);
}

inline void show(const BatchCheck& check) {
  say(format("And for a batch of %d rows of %d random scores: ", check.N,
             check.classes) +
      "gradient and central differences differ by " +
      against(check.error, 1e-6) +
      " of their size, and the sum of every row differs from 0 by " +
      against(check.largest_sum, 1e-12) + ".");
}

inline void gradient_of_the_loss(Program& program) {
  step("The gradient: p - y");
  const int truth = chosen_truth(program);
  paragraph(
      "How does the loss change with each score? By p - 1 for the true "
      "class and by p for every other: p - y, where y is now a row of "
      "zeros with a 1 at the truth. Let " +
      class_name(truth) +
      " be the truth. Computed, and measured by nudging each score up and "
      "down (chapter 04's central differences, in double):");
  const Tensor<> z = example_logits();
  show(measure_gradient(z, truth), softmax(z), truth);
  show_one_step(z, truth);
  show_squared_error(program, z);
  show_repeated_image(z, truth);
  print("\n");
  show(check_batch(program.seed()));
}

}  // namespace cnn
