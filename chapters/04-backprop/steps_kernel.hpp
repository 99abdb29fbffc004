// Step 10: chapter 02's Sobel kernel again, now with the gradient.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "02-convolution/kernels.hpp"
#include "04-backprop/figures.hpp"
#include "04-backprop/kernel_descent.hpp"
#include "04-backprop/steps_layers.hpp"
#include "common/dataset.hpp"

namespace cnn {

inline constexpr double good_enough = 1e-6;
inline constexpr int most_passes = 20000;

inline Examples sobel_examples(const Dataset& digits, int count) {
  Examples examples;
  for (int n = 0; n < count; ++n) {
    const Tensor<> digit = item(digits.images, n).reshaped({28, 28});
    examples.images.push_back(digit);
    examples.targets.push_back(correlate2d(digit, sobel_x()));
  }
  return examples;
}

// Doubles the learning rate from 0.1 on until 30 passes leave the kernel
// worse than it was at the start, prints what each came to, and returns the
// best.
inline float choose_learning_rate(const Examples& examples) {
  std::vector<TextRow> rows = {{"learning rate", "error after 30 passes"}};
  double least = 0;
  float best = 0;
  for (float rate = 0.1f;; rate *= 2) {
    const std::vector<SearchStep> path =
        descend_to_kernel(examples, rate, 0, 30);
    const double error = path.back().error;
    rows.push_back(
        {format("%g", static_cast<double>(rate)), format("%.3g", error)});
    if (!(error < path.front().error)) break;
    if (best == 0 || error < least) {
      best = rate;
      least = error;
    }
  }
  print_table(rows);
  return best;
}

// The passes after which the error was first at most `error`.
inline std::optional<int> passes_until(const std::vector<SearchStep>& path,
                                       double error) {
  for (const SearchStep& now : path)
    if (now.error <= error) return now.forward_passes;
  return std::nullopt;
}

inline void print_passes(const std::vector<SearchStep>& search,
                         const std::vector<SearchStep>& descent) {
  std::vector<TextRow> rows = {{"error at most", "trying: forward",
                                "gradient: forward", "backward"}};
  for (const double error : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
    const auto tried = passes_until(search, error);
    const auto went = passes_until(descent, error);
    rows.push_back({format("%g", error),
                    tried ? std::to_string(*tried) : "-",
                    went ? std::to_string(*went) : "-",
                    went ? std::to_string(*went - 1) : "-"});
  }
  print_table(rows);
}

// Why the last digits take so long: the error hardly minds a kernel that is
// wrong in a pattern which neighbouring pixels, being alike, cancel out.
inline void print_steep_and_flat(const Examples& examples) {
  Tensor<> even = sobel_x(), checkered = sobel_x();
  for (int i = 0; i < 9; ++i) {
    const auto at = static_cast<std::size_t>(i);
    even.data()[at] += 0.1f;
    checkered.data()[at] += i % 2 == 0 ? 0.1f : -0.1f;
  }
  const double steep = kernel_error(examples, even);
  const double flat = kernel_error(examples, checkered);
  say(format(
      "Why still so many? Add 0.1 to all nine numbers of the right "
      "kernel, and the error is %.3g. Add 0.1 and take 0.1 away in "
      "turn, like a chessboard, and it is %.3g, %.0f times less: "
      "neighbouring pixels are alike, so neighbouring mistakes "
      "cancel. The valley is that much flatter one way than the "
      "other. One learning rate must serve both: small enough not to "
      "leap out across the steep side, it creeps along the flat one.",
      steep, flat, steep / flat));
}

inline void sobel_again(Program& program) {
  step("The Sobel kernel again, now with the gradient");
  const Split digits = load_digits(program.data());
  const Examples examples = sobel_examples(digits.train, 10);
  say("Chapter 02 found Sobel's kernel from 10 digits and what the kernel "
      "makes of each, by turning one of its nine numbers at a time and "
      "keeping what helped. Now a backward pass says for all nine at once "
      "how the error changes with them. Each step is one forward pass, one "
      "backward pass (as many multiplications) and "
      "kernel - learning rate * gradient. Which learning rate? Doubled "
      "until "
      "it fails:");
  print("\n");
  const float rate = choose_learning_rate(examples);
  const auto search = recover_kernel(examples, good_enough, most_passes);
  const auto descent =
      descend_to_kernel(examples, rate, good_enough, most_passes);
  print("\n");
  say(
      format("With %g, passes over the 10 digits until the error is this "
             "small:",
             static_cast<double>(rate)));
  print("\n");
  print_passes(search, descent);
  const int tried = search.back().forward_passes;
  const int went = descent.back().forward_passes;
  print("\n");
  say(format(
      "To %g, trying took %d passes and the gradient %d, backward "
      "ones counted in: %.1f times fewer. With nine numbers that is "
      "nice to have. But a round of trying costs a pass or two for "
      "each number there is, and a gradient costs two passes however "
      "many there are.",
      good_enough, tried, 2 * went - 1,
      static_cast<double>(tried) / (2 * went - 1)));
  print("\n    The kernel that the gradient found:\n");
  print_matrix(descent.back().kernel, 4);
  print("    Largest difference from Sobel's: %.4f\n\n",
        static_cast<double>(
            max_abs_difference(descent.back().kernel, sobel_x())));
  print_steep_and_flat(examples);
  program.report("passes_by_trying", std::to_string(tried));
  program.report("passes_by_gradient", std::to_string(2 * went - 1));
  program.figure("sobel-error.svg", error_figure(search, descent),
                 "the error against the passes paid for it, both axes "
                 "logarithmic");
  program.figure("sobel-kernels.png", kernels_figure(descent),
                 "after one step the signs are right, the last decimals "
                 "take the longest");
}

}  // namespace cnn
