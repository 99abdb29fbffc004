// --cost: how much longer batch normalization makes a training step on this
// machine.
// Book: book/13-normalization.md
#pragma once

#include <string>

#include "07-speed/steps_options.hpp"
#include "07-speed/work.hpp"
#include "13-normalization/norm_cost.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline int cost_program(int argc, char** argv) {
  Program program("13-normalization --cost",
                  "Times training steps of two networks, with and without "
                  "batch normalization before each ReLU.",
                  Program::Kind::tool);
  program.integer("threads", 0, 0, 256, "threads; 0: one per processor");
  program.choice("isa", "auto", instruction_sets(),
                 "the instructions of the kernels");
  program.integer("batch", 64, 1, 4096, "digits of a step");
  program.number("seconds", 0.2, 0, 60,
                 "of each of 7 rounds of each network");
  return program.run(argc, argv, [](Program& run) {
    const int batch = run.integer("batch");
    Rows rows = {{"microseconds a digit", "without", "with", "more"}};
    const auto add = [&](const std::string& name, const Architecture& it) {
      const NormCost cost =
          compute_norm_cost(it, {1, 28, 28}, batch, chosen_options(run), 7,
                            run.number("seconds"));
      rows.push_back({name, format("%.1f", 1e6 * cost.plain / batch),
                      format("%.1f", 1e6 * cost.normalized / batch),
                      format("%+.1f %%", 100 * cost.share())});
    };
    add("A, chapter 06's", digit_network);
    add("B, chapter 07's", larger_network);
    print_table(rows);
  });
}

}  // namespace cnn
