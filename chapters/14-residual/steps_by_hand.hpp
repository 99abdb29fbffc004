// Steps 1 and 2: what blocks do to a gradient and to a signal, by hand and
// in a network before its first step.
// Book: book/14-residual.md
#pragma once

#include <string>
#include <vector>

#include "14-residual/steps_tour.hpp"

namespace cnn {

// One number on its way through one block, and a gradient on its way back.
inline void through_one_block(ResidualTour& tour) {
  const double slope = 0.5;
  const SmallBlock it = compute_small_block(2, slope, 1);
  say(
      format("A block whose branch multiplies by %g, with a ReLU after the "
             "sum, takes in %g, and a gradient of %g comes back:",
             slope, it.x, it.grad_output));
  print("\n");
  const auto row = [](const char* way, double value, double gradient) {
    return Strings{way, format("%g", value), format("%g", gradient)};
  };
  print_table({{"through", "value", "gradient"},
               row("the skip", it.x, it.grad_sum),
               row("the branch", it.branch, it.grad_branch),
               row("both", it.sum, it.grad_x)});
  tour.program.figure("block.svg", block_figure(it),
                      "which of the two ways brings more of the gradient "
                      "back?");
  print("\n");
}

inline void through_blocks(ResidualTour& tour) {
  step("Through n blocks by hand");
  through_one_block(tour);
  say("A block's own layers have the slope s. How much does the output of "
      "n blocks change with their input, without skips, s^n (14.3), and "
      "with them, (1 + s)^n (14.4)? For s = 0.5 and then 0.1, each without "
      "skips and with them, and for s = -0.1 with them:");
  print("\n");
  Rows rows = {{"blocks", "0.5^n", "1.5^n", "0.1^n", "1.1^n", "0.9^n"}};
  for (const int n : {1, 5, 10, 20}) {
    const auto text = [n](double slope, bool skips) {
      return format("%.3g", slope_of_blocks(slope, n, skips));
    };
    rows.push_back({std::to_string(n), text(0.5, false), text(0.5, true),
                    text(0.1, false), text(0.1, true), text(-0.1, true)});
  }
  print_table(rows);
  print("\n");
  say("At each block a path takes the branch or the skip, so there are 2^n "
      "of them (14.5). The table shows their mean length in branches, and "
      "the mean length with each path weighted by the gradient that it "
      "brings (14.6), for a slope s. The last column counts the paths with "
      "at most a quarter of the branches.");
  print("\n");
  rows = {{"blocks", "paths", "mean length", "s = 0.5", "s = 0.1",
           "up to n/4 branches"}};
  for (const int n : {4, 8, 20}) {
    const std::vector<double> counts = paths_by_length(n);
    double few = 0;
    for (int k = 0; k <= n / 4; ++k)
      few += counts[static_cast<std::size_t>(k)];
    rows.push_back({std::to_string(n), format("%.0f", whole_power(2, n)),
                    format("%.1f", mean_length(counts)),
                    format("%.2f", mean_length(slope_by_length(0.5, n))),
                    format("%.2f", mean_length(slope_by_length(0.1, n))),
                    format("%.0f", few)});
  }
  print_table(rows);
  tour.program.figure("paths.svg", paths_figure(20, {0.5, 0.1}),
                      "which paths carry the gradient, long or short?");
}

// A network whose stream is measured, with its case of (14.7).
struct StreamCase {
  std::string name;
  BlockNetwork network;
  BranchStart start;
};

inline std::vector<StreamCase> stream_cases(int blocks) {
  const BlockNetwork plain{BlockKind::plain, blocks},
      added{BlockKind::added, blocks}, nothing{BlockKind::nothing, blocks},
      without{BlockKind::added, blocks, 16, false};
  return {{"plain", plain, BranchStart::nothing},
          {"+ x", added, BranchStart::standardized},
          {"from nothing", nothing, BranchStart::nothing},
          {"+ x, no norm", without, BranchStart::as_large}};
}

inline void before_the_first_step(ResidualTour& tour) {
  step("The stream before the first step");
  const int blocks = tour.program.quick() ? 5 : 20, images = 8;
  say("The stream is what runs from block to block. " + kinds_sentence() +
      format(
          " No norm: without batch norm. For networks of %d blocks before "
          "the first step, and %d digits, the table shows the mean square "
          "of the stream after a block, what (14.7) predicts from the mean "
          "square before the first block, and the mean square of the "
          "loss's gradient, divided by its value after the last block.",
          blocks, images));
  print("\n");
  const Dataset some = first(tour.digits.train, images);
  std::vector<NamedSizes> all;
  Rows rows = {
      {"network", "after block", "mean square", "formula", "gradient"}};
  for (const StreamCase& it : stream_cases(blocks)) {
    const StreamSizes sizes =
        compute_stream_sizes(it.network, some, tour.program.seed());
    for (const int n : {0, 1, 5, 10, 20}) {
      if (n > blocks) break;
      const auto at = static_cast<std::size_t>(n);
      const bool formula = it.network.kind != BlockKind::plain;
      const double expected =
          stream_variance(it.start, sizes.forward[0], n);
      rows.push_back(
          {n == 0 ? it.name : "", std::to_string(n),
           format("%.3g", sizes.forward[at]),
           formula ? format("%.3g", expected) : "",
           format("%.3g", sizes.backward[at] / sizes.backward.back())});
    }
    all.push_back({it.name, sizes});
  }
  print_table(rows);
  tour.program.figure("stream-start.svg", stream_figure(all, true),
                      "which streams are hardly larger at the end than at "
                      "the beginning?");
  tour.program.figure("gradient-start.svg", stream_figure(all, false),
                      "follow the lines from the right: does any of them "
                      "vanish?");
}

}  // namespace cnn
