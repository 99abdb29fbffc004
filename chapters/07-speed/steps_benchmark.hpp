// --bench: one rate, and nothing else.
// Book: book/07-speed.md
#pragma once

#include <string>

#include "07-speed/bench.hpp"
#include "07-speed/steps_options.hpp"
#include "07-speed/work.hpp"

namespace cnn {

// One line of JSON.
inline void run_benchmark(const Program& program) {
  const std::string mode = program.choice("bench");
  const bool larger = program.choice("network") == "B";
  const Benchmark it =
      compute_benchmark(mode, larger ? larger_network : digit_network,
                        chosen_options(program), program.number("seconds"));
  print(
      "{\"images_per_second\": %.1f, \"network\": \"%s\", "
      "\"mode\": \"%s\", \"threads\": %d, \"batch\": %d, "
      "\"isa\": \"%s\", \"seconds\": %.3f}\n",
      it.images_per_second, larger ? "B" : "A", mode.c_str(), it.threads,
      it.batch, it.isa.c_str(), it.seconds);
}

}  // namespace cnn
