// Step 10: chapter 02's Sobel kernel again, now with the gradient.
// Book: book/04-backprop.md
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "02-convolution/handmade_kernels.hpp"
#include "02-convolution/kernel_search.hpp"
#include "02-convolution/pictures.hpp"
#include "04-backprop/figures.hpp"
#include "04-backprop/kernel_descent.hpp"
#include "04-backprop/steps_layers.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// The error at which a search or a descent stops, and the forward passes
// after which it gives up.
inline constexpr double good_enough = 1e-8;
inline constexpr int most_passes = 20000;

inline std::string error_text(double error) {
  return std::isfinite(error) ? format("%.2g", error)
                              : "too large for a float";
}

inline void print_tried_rates(const std::vector<TriedRate>& rates) {
  Rows rows = {{"learning rate", "error after 100 forward passes"}};
  for (const TriedRate& it : rates)
    rows.push_back({format("%g", static_cast<double>(it.learning_rate)),
                    error_text(it.error)});
  print_table(rows);
}

// A rate that was good for 100 passes may still be too large.
inline void print_explosion(const Descended& it) {
  const SearchStep &best = best_of(it.path), &end = it.path.back();
  print("\n");
  say(
      format("With %g the error falls to %s in %d passes and then rises "
             "again: after %d it is %s. A rate that is too large need not "
             "show it in the first 100 passes. Half of it, then.",
             static_cast<double>(it.learning_rate),
             error_text(best.error).c_str(), best.forward_passes,
             end.forward_passes, error_text(end.error).c_str()));
}

inline void print_passes(const std::vector<SearchStep>& search,
                         const std::vector<SearchStep>& descent) {
  std::vector<TextRow> rows = {{"error at most", "trying: forward",
                                "gradient: forward", "backward"}};
  for (const double error : {1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8}) {
    const auto tried = passes_until(search, error);
    const auto went = passes_until(descent, error);
    rows.push_back({format("%g", error),
                    tried ? std::to_string(*tried) : "-",
                    went ? std::to_string(*went) : "-",
                    went ? std::to_string(*went - 1) : "-"});
  }
  print_table(rows);
}

inline void compare_passes(Program& program,
                           const std::vector<SearchStep>& search,
                           const std::vector<SearchStep>& descent) {
  const auto tried = passes_until(search, good_enough);
  const auto went = passes_until(descent, good_enough);
  const double fewer = times_fewer(search, descent, good_enough);
  const double fewer_at_first = times_fewer(search, descent, 1e-3);
  if (fewer > 1 && fewer_at_first > 1)
    say(format(
        "To %g, trying took %d forward passes; the gradient took %d, and "
        "%d backward ones: %.1f times fewer in all, and to 0.001 it was "
        "%.1f times. (The trials for the learning rate are not counted.) "
        "With nine numbers that is pleasant, no more. But a round of "
        "trying costs one or two passes for each number there is, and a "
        "gradient costs two passes, however many numbers there are.",
        good_enough, *tried, *went, *went - 1, fewer, fewer_at_first));
  else
    say(
        format("Where the table has a dash, an error was never reached. "
               "With nine numbers the gradient was not quicker in both "
               "cases this time, to 0.001 and to %g. But a round of trying "
               "costs one or two passes for each number there is, and a "
               "gradient costs two passes, however many numbers there are.",
               good_enough));
  program.report("passes_by_trying",
                 tried ? std::to_string(*tried) : "never");
  program.report("passes_by_gradient",
                 went ? std::to_string(2 * *went - 1) : "never");
}

// Prints why the last decimals take so long: the error hardly shows
// mistakes that cancel because neighbouring pixels are alike.
inline void print_steep_and_flat(const Examples& examples) {
  Tensor<> even = sobel_x(), checkered = sobel_x();
  for (int i = 0; i < 9; ++i) {
    const auto at = static_cast<std::size_t>(i);
    even.data()[at] += 0.1f;
    checkered.data()[at] += i % 2 == 0 ? 0.1f : -0.1f;
  }
  const double steep = kernel_error(examples, even);
  const double flat = kernel_error(examples, checkered);
  if (!(flat > 0 && flat < steep)) return;  // never with digits
  say(format(
      "Why so many steps at all? Add 0.1 to all nine numbers of the right "
      "kernel: the error is %.3g. Add 0.1 and take 0.1 away in turn, like "
      "a chessboard: it is %.3g, %.0f times less. Neighbouring pixels are "
      "alike, so mistakes of opposite sign cancel and hardly show. The "
      "valley is that much flatter in one direction than in the other, and "
      "one learning rate has to serve both: if it is small enough not to "
      "leap out in the steep direction, it creeps in the flat one.",
      steep, flat, steep / flat));
}

inline void sobel_again(Program& program, const Dataset& digits) {
  step("The Sobel kernel again, now with the gradient");
  const Examples examples = examples_of(
      some_digits(digits, program.quick() ? 2 : 10, program.seed()),
      sobel_x());
  say("Chapter 02 found Sobel's kernel from 10 digits and what it makes of "
      "each, by changing one of nine numbers at a time and keeping what "
      "helped. Now one backward pass (4.9) says for all nine at once how "
      "the error changes with them. A step is one forward pass, one "
      "backward pass (as many multiplications) and kernel - learning rate "
      "* gradient. Which learning rate? We double it until it is too "
      "large:");
  print("\n");
  const std::vector<TriedRate> rates = try_rates(examples);
  print_tried_rates(rates);
  const float rate = last_good(rates);
  const auto search = recover_kernel(examples, good_enough, most_passes);
  const std::vector<Descended> descents =
      descend_at_halves(examples, rate, good_enough, most_passes);
  for (std::size_t i = 0; i + 1 < descents.size(); ++i)
    print_explosion(descents[i]);
  const std::vector<SearchStep>& descent = descents.back().path;
  print("\n");
  say(format(
      "With %g, passes over the digits until the error is this small:",
      static_cast<double>(descents.back().learning_rate)));
  print("\n");
  print_passes(search, descent);
  print("\n");
  compare_passes(program, search, descent);
  print("\n    The kernel that the gradient found:\n");
  print_matrix(descent.back().kernel, 4, "      ");
  print("    Largest difference from Sobel's: %.4f\n\n",
        static_cast<double>(
            max_abs_difference(descent.back().kernel, sobel_x())));
  print_steep_and_flat(examples);
  program.figure(
      "sobel-error.svg", error_figure(search, descent),
      "the error against the passes paid for it, both axes logarithmic");
  program.figure(
      "sobel-kernels.png", kernels_figure(descent),
      std::string("the first step finds left against right, ten find the "
                  "rough shape") +
          (descent.size() > 200 ? ", the last decimals take hundreds"
                                : ""));
}

}  // namespace cnn
