// --minutes M --bench: measures how fast the network for M minutes learns.
// Book: book/15-colour.md
#pragma once

#include <string>

#include "07-speed/steps_benchmark.hpp"
#include "07-speed/steps_options.hpp"
#include "15-colour/colour_bench.hpp"
#include "15-colour/steps_minutes.hpp"

namespace cnn {

// Whether the program should run --bench and nothing else.
// Throws UsageError for options that do not go together.
inline bool asks_for_bench(const Program& program) {
  if (!program.flag("bench")) {
    program.require_with("bench", {"isa", "threads", "seconds"});
    return false;
  }
  if (program.choice("minutes") == "none" || program.flag("record") ||
      program.flag("transfer"))
    throw UsageError(
        "expected --bench with --minutes, and without --record and "
        "--transfer");
  program.require_without("bench", {"full", "data", "pictures", "size"});
  return true;
}

inline void measure_learning(const Program& program) {
  const ColourRecipe recipe = recipe_for_minutes(
      std::stoi(program.choice("minutes")), 50000, true, program.seed());
  const ColourBenchmark it = compute_colour_benchmark(
      recipe, chosen_options(program),
      program.quick() ? 0.0 : program.number("seconds"));
  print_benchmark(
      it.learning, widths_text(recipe.widths), "train",
      format(", \"gflops\": %.1f, \"peak_gflops\": %.1f, "
             "\"share_of_peak\": %.3f",
             it.operations / 1e9, it.peak / 1e9, it.operations / it.peak));
}

}  // namespace cnn
