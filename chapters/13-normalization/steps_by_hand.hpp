// Steps 1 and 2: four numbers by hand, forwards and backwards.
// Book: book/13-normalization.md
#pragma once

#include <string>
#include <vector>

#include "13-normalization/four_numbers.hpp"
#include "13-normalization/steps_tour.hpp"

namespace cnn {

inline Strings numbers_row(const std::string& name,
                           const std::vector<double>& numbers,
                           const char* pattern = "%.3f") {
  Strings row = {name};
  for (const double number : numbers)
    row.push_back(format(pattern, number));
  return row;
}

inline void four_numbers(NormTour& tour) {
  step("Four numbers by hand");
  const NormGraph it = compute_norm_graph({1, 2, 3, 4}, {1, 0, 0, 0});
  say(format(
      "The numbers 1, 2, 3 and 4 have the mean %.1f and the variance %.2f; "
      "the standard deviation is %.3f. Subtract the mean from each number "
      "and divide by the standard deviation:",
      it.mean, it.variance, 1 / it.r));
  print("\n");
  print_table(
      {numbers_row("x", it.x, "%.0f"), numbers_row("x_hat", it.x_hat)});
  print("\n");
  say("The same for two numbers, and for one alone:");
  print("\n");
  Rows rows = {{"x", "x_hat"}};
  const auto text = [](const std::vector<double>& numbers,
                       const char* pattern) {
    std::string all;
    for (const double number : numbers)
      all += (all.empty() ? "" : ", ") + format(pattern, number);
    return all;
  };
  for (const std::vector<double>& x : std::vector<std::vector<double>>{
           {3, 5}, {-70, 0.5}, {5, 5}, {3}, {-70}})
    rows.push_back(
        {text(x, "%g"),
         text(compute_norm_graph(x, std::vector<double>(x.size())).x_hat,
              "%.4f")});
  print_table(rows);
  print("\n");
  say("How much of a running statistic's start is left, in percent, if "
      "each step keeps nine tenths:");
  print("\n");
  rows = {{"steps"}, {"left"}};
  for (const int steps : {1, 10, 20, 44, 100}) {
    rows[0].push_back(std::to_string(steps));
    rows[1].push_back(format("%.3g", 100 * share_of_start(0.1, steps)));
  }
  print_table(rows);
  tour.program.report("x_hat_of_1", format("%.3f", it.x_hat[0]));
}

inline void four_numbers_backwards(NormTour& tour) {
  step("The same four numbers, backwards");
  const NormGraph it = compute_norm_graph({1, 2, 3, 4}, {1, 0, 0, 0});
  say("Say that the loss grows with the first x_hat and with no other. How "
      "does it change with the four numbers? Through the graph, and by the "
      "one line (13.7):");
  print("\n");
  print_table({numbers_row("with x_hat", it.grad_x_hat, "%.0f"),
               numbers_row("with x", it.grad_x),
               numbers_row("in one line", grad_x_in_one_line(it))});
  print("\n");
  double sum = 0, lean = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    sum += it.grad_x[i];
    lean += it.grad_x[i] * it.x_hat[i];
  }
  const auto tiny = [](double number) {
    return std::abs(number) < 1e-4 ? 0.0 : number;
  };
  say(
      format("The gradients with x add up to %.3f, and their products with "
             "x_hat to %.3f.",
             tiny(sum), tiny(lean)));
  tour.program.figure("graph.svg", norm_graph_figure(it),
                      "follow the four numbers to the right, and the "
                      "gradient to the left");
  print("\n");
  say("The first convolution of chapter 06's network: how large are the "
      "gradients of its weights, and of its biases, as root mean squares?");
  print("\n");
  const Dataset batch = first(tour.digits.train, 64);
  Rows rows = {{"", "weights", "biases"}};
  const auto add = [&](const char* name, const FirstGradients& gradients) {
    rows.push_back({name, format("%.1e", gradients.weight),
                    gradients.bias < 1e-12
                        ? "below 1e-12"
                        : format("%.1e", gradients.bias)});
  };
  add("plain", compute_first_gradients(
                   tour.run(before_each_relu(digit_network)), batch));
  add("batch norm",
      compute_first_gradients(
          tour.run(before_each_relu(digit_network, BatchNorm{})), batch));
  print_table(rows);
}

}  // namespace cnn
