// What the options choose: digits, threads, and how long to measure.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "07-speed/fast_network.hpp"
#include "07-speed/rungs.hpp"
#include "07-speed/work.hpp"
#include "07-speed/workers.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// For how many seconds each thing is measured: 0 in a quick run.
inline double patience(const Program& program) {
  return program.quick() ? 0.0 : program.flag("record") ? 0.4 : 0.06;
}

// What --isa can be.
inline std::vector<std::string> instruction_sets() {
  std::vector<std::string> sets = {"auto"};
  for (const Kernels* kernels : all_kernels())
    sets.push_back(kernels->name);
  return sets;
}

// --record with --data trains on MNIST and measures nothing else.
inline bool records_mnist(const Program& program) {
  return program.flag("record") && program.data();
}

inline FastOptions chosen_options(const Program& program) {
  return {.threads = program.integer("threads"),
          .isa = program.choice("isa")};
}

inline std::vector<Ladder> chosen_ladders(const Program& program) {
  const int threads =
      std::max(2, Workers(program.integer("threads")).count());
  const std::string isa = program.choice("isa");
  std::vector<Ladder> ladders;
  ladders.push_back(
      long_ladder("A", digit_network, {1, 28, 28}, isa, threads));
  ladders.push_back(
      short_ladder("B", larger_network, {1, 28, 28}, isa, threads));
  return ladders;
}

inline Split enough_digits(const Program& program) {
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 100);
    digits.held_out = first(digits.held_out, 50);
  }
  if (digits.train.size() < 16)
    fail(Refusal::runtime, digits.source +
                               ": expected 16 or more training pictures, "
                               "one for each lane, found " +
                               std::to_string(digits.train.size()));
  print("Data: %s.\n", digits.source.c_str());
  return digits;
}

}  // namespace cnn
