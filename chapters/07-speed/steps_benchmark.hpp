// --bench: one rate, and nothing else.
// Book: book/07-speed.md
#pragma once

#include <string>

#include "07-speed/bench.hpp"
#include "07-speed/steps_options.hpp"
#include "07-speed/work.hpp"
#include "common/shell/option.hpp"

namespace cnn {

// One line of JSON; `more` are further fields.
inline void print_benchmark(const Benchmark& it, const std::string& network,
                            const std::string& mode,
                            const std::string& more = "") {
  print(
      "{\"images_per_second\": %.1f, \"network\": \"%s\", "
      "\"mode\": \"%s\", \"threads\": %d, \"batch\": %d, "
      "\"isa\": \"%s\", \"seconds\": %.3f%s}\n",
      it.images_per_second, network.c_str(), mode.c_str(), it.threads,
      it.batch, it.isa.c_str(), it.seconds, more.c_str());
}

// Throws UsageError for options that do not go together.
inline bool asks_for_benchmark(const Program& program) {
  const bool asks = program.choice("bench") != "none";
  if (asks)
    program.require_without("bench", {"record", "data", "seed"});
  else
    program.require_with("bench", {"network", "seconds"});
  if (program.flag("record") && program.quick())
    throw UsageError("expected --record without --quick");
  return asks;
}

inline void run_benchmark(const Program& program) {
  const std::string mode = program.choice("bench"),
                    network = program.choice("network");
  print_benchmark(compute_benchmark(
                      mode, network == "B" ? larger_network : digit_network,
                      chosen_options(program), program.number("seconds")),
                  network, mode);
}

}  // namespace cnn
