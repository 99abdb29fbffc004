// --best: chapter 12's best network, on the digits that come with the book
// or on all of MNIST.
// Book: book/12-generalization.md
#pragma once

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "12-generalization/best.hpp"
#include "12-generalization/statistics.hpp"
#include "common/data/files.hpp"
#include "common/shell/file.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// What one seed came to.
struct BestRun {
  double kept_back = 0, test = 0;
  double seconds = 0, processor_seconds = 0;  // the latter of all threads
};

// Trains, then asks about the digits kept back, and once about the test
// digits. Nothing if the program was interrupted.
inline std::optional<BestRun> run_best(const Program& program,
                                       const ThreeSets& sets,
                                       const BestRecipe& recipe) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t worked = std::clock();
  const auto network = best_network(recipe, program.integer("threads"));
  Progress progress(
      "seed " + std::to_string(recipe.seed),
      training_steps(sets.training.size(),
                     {.epochs = recipe.epochs, .batch = recipe.batch}),
      "steps");
  train_best(*network, sets.training, recipe, [&](const TrainingStep& now) {
    progress.update(now.step,
                    format("epoch %d, loss %.2f", now.epoch, now.loss));
    return !program.interrupted();
  });
  if (program.interrupted()) return {};
  BestRun run;
  run.kept_back = accuracy(*network, sets.validation);
  run.test = accuracy(*network, sets.test);
  run.seconds = std::chrono::duration<double>(
                    std::chrono::steady_clock::now() - start)
                    .count();
  run.processor_seconds =
      static_cast<double>(std::clock() - worked) / CLOCKS_PER_SEC;
  return run;
}

// A row for each seed and one for their mean; the processor's seconds only
// where they are asked for, as no two runs have the same.
inline Rows best_rows(const std::vector<BestRun>& runs,
                      std::uint64_t first_seed, bool with_seconds) {
  Rows rows = {{"seed", "kept back, right", "test digits, right"}};
  if (with_seconds) rows[0].push_back("processor seconds");
  std::vector<double> kept, test, seconds;
  for (const BestRun& it : runs) {
    kept.push_back(it.kept_back);
    test.push_back(it.test);
    seconds.push_back(it.processor_seconds);
    rows.push_back({std::to_string(first_seed + kept.size() - 1),
                    percent(it.kept_back), percent(it.test)});
    if (with_seconds)
      rows.back().push_back(format("%.0f", it.processor_seconds));
  }
  if (runs.size() == 1) return rows;
  rows.push_back({"mean", percent(seed_mean(kept).mean),
                  percent(seed_mean(test).mean)});
  if (with_seconds)
    rows.back().push_back(format("%.0f", seed_mean(seconds).mean));
  return rows;
}

// "99.53 %, interval of three seeds: +- 0.09"
inline std::string best_sentence(const std::vector<BestRun>& runs) {
  std::vector<double> test;
  for (const BestRun& it : runs) test.push_back(it.test);
  return format("Mean of %d seeds: %.2f %%, 95 %% interval +- %.2f.",
                static_cast<int>(runs.size()), 100 * seed_mean(test).mean,
                100 * half_width(test));
}

inline void record_best(const Program& program,
                        const std::vector<BestRun>& runs,
                        std::uint64_t first_seed) {
  const bool mnist = !program.text("data").empty();
  const std::string file = mnist ? "book/output/12-generalization.mnist"
                                 : "book/output/12-generalization.measured";
  const std::string of = mnist ? "all of MNIST" : "digits of the book";
  std::vector<double> test, seconds;
  for (const BestRun& it : runs) {
    test.push_back(it.test);
    seconds.push_back(it.processor_seconds);
  }
  write_file(program.source_folder() / file,
             "\n" + table_text(best_rows(runs, first_seed, true)) +
                 "\n    " + of +
                 ", right: " + percent(seed_mean(test).mean) +
                 format("\n    %s, interval: %.2f", of.c_str(),
                        100 * half_width(test)) +
                 format("\n    %s, processor seconds: %.0f\n", of.c_str(),
                        seed_mean(seconds).mean));
  print("    recorded: %s\n", file.c_str());
}

inline void train_the_best(Program& program) {
  const int seeds = program.integer("seeds");
  if (program.flag("record") && seeds < 2)
    throw UsageError("--record expects --seeds 2 or more");
  std::optional<std::filesystem::path> folder;
  if (!program.text("data").empty()) folder = program.text("data");
  const Split digits = load_digits(folder);
  const ThreeSets sets = best_sets(digits);
  BestRecipe recipe = best_recipe(sets.training.size());
  recipe.seed = program.seed();
  if (program.integer("epochs") > 0)
    recipe.epochs = program.integer("epochs");
  program.catch_interrupts();
  say(
      format("%d digits to learn from, %d kept back, %d to judge by. "
             "Epochs: %d, batches of %d, rate %.2f.",
             sets.training.size(), sets.validation.size(), sets.test.size(),
             recipe.epochs, recipe.batch, recipe.rate));
  const std::uint64_t first_seed = recipe.seed;
  std::vector<BestRun> runs;
  for (int i = 0; i < seeds; ++i, ++recipe.seed) {
    const std::optional<BestRun> run = run_best(program, sets, recipe);
    if (!run) return;
    runs.push_back(*run);
    std::fprintf(stderr, "seed %s: %s\n",
                 std::to_string(recipe.seed).c_str(),
                 duration_text(run->seconds).c_str());
  }
  print("\n");
  print_table(best_rows(runs, first_seed, false));
  if (seeds > 1) {
    print("\n");
    say(best_sentence(runs));
  }
  std::vector<double> kept, test, seconds;
  for (const BestRun& it : runs) {
    kept.push_back(it.kept_back);
    test.push_back(it.test);
    seconds.push_back(it.seconds);
  }
  program.report("test_accuracy", format("%.4f", seed_mean(test).mean));
  program.report("kept_back_accuracy",
                 format("%.4f", seed_mean(kept).mean));
  program.report("seconds", format("%.1f", seed_mean(seconds).mean));
  if (program.flag("record")) record_best(program, runs, first_seed);
}

inline int best_program(int argc, char** argv) {
  Program program(
      "12-generalization --best",
      "trains the best network of chapter 12 and reads the test "
      "digits once for each seed",
      Program::Kind::tool);
  program.seeded();
  program.text(
      "data", "", "DIR",
      "a folder with MNIST's four files instead of the digits that "
      "come with the book");
  program.integer("seeds", 1, 1, 100, "runs, beginning with --seed");
  program.integer("epochs", 0, 0, 10000,
                  "times that every digit is seen; 0: as in the chapter");
  program.integer("threads", 0, 0, 1024,
                  "threads; 0: one for each processor");
  program.flag("record",
               "writes the table with its seconds into book/output");
  program.if_interrupted(
      "interrupted, so nothing was asked of the test digits");
  return program.run(argc, argv, train_the_best);
}

}  // namespace cnn
