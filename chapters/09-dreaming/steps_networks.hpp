// Step 1: the networks that dream and those that judge, and what all steps
// share.
// Book: book/09-dreaming.md
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "09-dreaming/answered_digits.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/networks.hpp"
#include "09-dreaming/plain_climb.hpp"
#include "common/data/files.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// What the steps share and pass on to each other.
struct DreamingTour {
  Program& program;
  Dataset train;
  Networks networks;
  AnsweredDigits held_out;  // answered by the network that is asked
  PlainClimb plain;
  std::vector<std::pair<std::string, std::string>> numbers;

  // Keeps a headline number for the report.
  void note(const std::string& name, const std::string& value) {
    numbers.emplace_back(name, value);
  }
};

// The settings of the climb with all regularizers, from the options.
inline DreamSettings dream_settings(const Program& program) {
  return {.steps = program.quick() ? 10 : program.integer("steps"),
          .decay = program.number("decay"),
          .blur_every = program.integer("blur-every"),
          .jitter = program.integer("jitter"),
          .variation = program.number("variation"),
          .seed = program.seed()};
}

inline Split digits_to_ask_about(const Program& program) {
  Split digits = load_digits(program.data());
  if (program.quick()) {
    digits.train = first(digits.train, 400);
    digits.held_out = first(digits.held_out, 100);
  }
  require_classes(digits.held_out, digits.source);
  print("Data: %s.\n", digits.source.c_str());
  return digits;
}

// Trains one of the networks and adds its line to the table.
inline std::unique_ptr<FastNetwork> train_one(Program& program,
                                              const Split& digits,
                                              const std::string& name,
                                              const Experiment& experiment,
                                              Rows& rows) {
  Progress progress(
      name, training_steps(digits.train.size(), experiment.settings),
      "steps");
  auto network = trained_network(digits.train, experiment,
                                 [&](const TrainingStep& now) {
                                   progress.update(now.step);
                                   return !program.interrupted();
                                 });
  rows.push_back({name, std::to_string(experiment.settings.seed),
                  percent(accuracy(*network, digits.held_out))});
  return network;
}

// ---- 1. Networks to ask ------------------------------------------------

inline DreamingTour networks_to_ask(Program& program) {
  Split digits = digits_to_ask_about(program);
  program.catch_interrupts();
  step("Networks to ask");
  say("The network that is asked is chapter 06's, trained as it was there, "
      "with chapter 07's layers. The witness is of the same kind, but "
      "started from different numbers and saw the digits in a different "
      "order. The dense layer is of chapter 05's kind. What do those two "
      "say about what the first one dreams?");
  print("\n");
  const NetworkExperiments how = network_experiments(
      program.seed(), program.quick() ? 2 : TrainingSettings().epochs);
  Rows rows = {{"", "seed", "held-out accuracy"}};
  const auto trained = [&](const char* name, const Experiment& experiment) {
    return train_one(program, digits, name, experiment, rows);
  };
  Networks networks;
  networks.asked = trained("the network", how.asked);
  networks.witness = trained("the witness", how.witness);
  networks.dense = trained("one dense layer", how.dense);
  networks.untrained = untrained_network(how.asked);
  print_table(rows);
  AnsweredDigits held_out =
      answered(*networks.asked, std::move(digits.held_out));
  return {program,
          std::move(digits.train),
          std::move(networks),
          std::move(held_out),
          {},
          {}};
}

// Reports all numbers that were kept, `headline` first.
inline void report(const DreamingTour& tour, const std::string& headline) {
  for (const bool first_of_all : {true, false})
    for (const auto& [name, value] : tour.numbers)
      if ((name == headline) == first_of_all)
        tour.program.report(name, value);
}

}  // namespace cnn
