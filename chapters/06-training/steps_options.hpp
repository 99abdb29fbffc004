// What the options choose: the digits, and the settings of the main run
// and of the short ones.
// Book: book/06-training.md
#pragma once

#include <string>
#include <vector>

#include "06-training/experiments.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// The digit that step 5 sends through the network.
inline constexpr int shown_digit = 3;

inline Split chosen_digits(const Program& program) {
  Split digits = load_digits(program.data());
  const int wanted = program.quick() ? 40 : program.integer("train");
  if (wanted > 0) digits.train = first(digits.train, wanted);
  if (program.quick()) digits.held_out = first(digits.held_out, 20);
  require_classes(digits.held_out, digits.source,
                  std::vector<int>{shown_digit});
  print("Data: %s.\n", digits.source.c_str());
  return digits;
}

inline Experiment chosen_experiment(const Program& program) {
  Experiment experiment;
  experiment.settings.epochs = program.integer("epochs");
  experiment.settings.batch = program.integer("batch");
  experiment.settings.learning_rate = program.number("learning-rate");
  if (program.choice("schedule") == "constant")
    experiment.settings.schedule = constant_schedule;
  experiment.settings.seed = program.seed();
  experiment.momentum = program.number("momentum");
  return experiment;
}

// The main run's default settings for a shorter run.
inline Experiment short_experiment(const Program& program, int epochs) {
  Experiment experiment;
  experiment.settings.epochs = program.quick() ? 1 : epochs;
  experiment.settings.seed = program.seed();
  return experiment;
}

// "1000 digits, epochs: 4"
inline std::string run_text(int digits, const Experiment& experiment) {
  return format("%s, epochs: %d", counted_text(digits, "digit").c_str(),
                experiment.settings.epochs);
}

}  // namespace cnn
