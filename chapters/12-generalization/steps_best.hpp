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
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// The results of one seed.
struct BestRun {
  double kept_back = 0, test = 0;  // shares read right
  double seconds = 0;              // on the clock
  double processor_seconds = 0;    // summed over all threads
};

// Trains a network, and then reads the digits kept back and, once, the test
// digits. Empty if the program was interrupted.
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

// One field of every run.
inline std::vector<double> best_numbers(const std::vector<BestRun>& runs,
                                        double BestRun::*number) {
  std::vector<double> numbers;
  for (const BestRun& it : runs) numbers.push_back(it.*number);
  return numbers;
}
inline double best_mean(const std::vector<BestRun>& runs,
                        double BestRun::*number) {
  return seed_mean(best_numbers(runs, number)).mean;
}

// One run for each seed, beginning with the recipe's; fewer if the program
// was interrupted.
inline std::vector<BestRun> run_seeds(const Program& program,
                                      const ThreeSets& sets,
                                      BestRecipe recipe) {
  std::vector<BestRun> runs;
  for (int i = 0; i < program.integer("seeds"); ++i, ++recipe.seed) {
    const std::optional<BestRun> run = run_best(program, sets, recipe);
    if (!run) break;
    runs.push_back(*run);
    std::fprintf(stderr, "seed %s: %s\n",
                 std::to_string(recipe.seed).c_str(),
                 duration_text(run->seconds).c_str());
  }
  return runs;
}

// A row for each seed and one for their mean. The processor seconds come
// only if asked for, because they differ from one run to the next.
inline Rows best_rows(const std::vector<BestRun>& runs,
                      std::uint64_t first_seed, bool with_seconds) {
  Rows rows = {{"seed", "kept back, right", "test digits, right"}};
  const auto add = [&](const std::string& name,
                       const std::vector<BestRun>& some) {
    rows.push_back({name, percent(best_mean(some, &BestRun::kept_back)),
                    percent(best_mean(some, &BestRun::test))});
    if (with_seconds)
      rows.back().push_back(
          format("%.0f", best_mean(some, &BestRun::processor_seconds)));
  };
  if (with_seconds) rows[0].push_back("processor seconds");
  for (std::size_t i = 0; i < runs.size(); ++i)
    add(std::to_string(first_seed + i), {runs[i]});
  if (runs.size() > 1) add("mean", runs);
  return rows;
}

// A row for the recipe as it is, for the recipe without each of its
// remedies, and without any; fewer if the program was interrupted.
inline Rows left_out_rows(const Program& program, const ThreeSets& sets,
                          const BestRecipe& recipe,
                          const std::vector<BestRun>& whole) {
  Rows rows = {{"left out", "kept back, right", "test digits, right"}};
  const auto add = [&](const std::string& name,
                       const std::vector<BestRun>& runs) {
    rows.push_back({name});
    for (double BestRun::*share : {&BestRun::kept_back, &BestRun::test}) {
      const SeedMean it = seed_mean(best_numbers(runs, share));
      rows.back().push_back(
          runs.size() == 1
              ? percent(it.mean)
              : format("%.2f +- %.2f", 100 * it.mean, 100 * it.error));
    }
  };
  add("nothing", whole);
  for (const Remedy& remedy : one_left_out(recipe.remedy)) {
    BestRecipe other = recipe;
    other.remedy = remedy;
    const std::vector<BestRun> runs = run_seeds(program, sets, other);
    if (program.interrupted()) return rows;
    add(remedy.name, runs);
  }
  return rows;
}

inline std::string best_record_file(const Program& program) {
  return program.text("data").empty()
             ? "book/output/12-generalization.measured"
             : "book/output/12-generalization.mnist";
}

inline void record_best(const Program& program,
                        const std::vector<BestRun>& runs,
                        std::uint64_t first_seed, const Rows& left_out) {
  const bool mnist = !program.text("data").empty();
  const std::string file = best_record_file(program);
  const std::string of = mnist ? "all of MNIST" : "digits of the book";
  std::string text = "\n" + table_text(best_rows(runs, first_seed, true));
  if (!left_out.empty()) text += "\n" + table_text(left_out);
  text += "\n    " + of +
          ", right: " + percent(best_mean(runs, &BestRun::test)) +
          format("\n    %s, interval: %.2f", of.c_str(),
                 100 * half_width(best_numbers(runs, &BestRun::test))) +
          format("\n    %s, processor seconds: %.0f\n", of.c_str(),
                 best_mean(runs, &BestRun::processor_seconds));
  write_file(program.source_folder() / file, text);
  print("    recorded: %s\n", file.c_str());
}

inline void train_the_best(Program& program) {
  if (program.flag("record")) {
    if (program.integer("seeds") < 2)
      throw UsageError("--record expects --seeds 2 or more");
    program.require_without("record", {"epochs"},
                            ": the record is of the recipe as it stands");
    require_file(program.source_folder() / best_record_file(program),
                 "--record ");
  }
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
  const std::vector<BestRun> runs = run_seeds(program, sets, recipe);
  if (program.interrupted()) return;
  print("\n");
  print_table(best_rows(runs, recipe.seed, false));
  if (runs.size() > 1) {
    print("\n");
    say(format("Mean of %d seeds: %.2f %%, 95 %% interval +- %.2f.",
               static_cast<int>(runs.size()),
               100 * best_mean(runs, &BestRun::test),
               100 * half_width(best_numbers(runs, &BestRun::test))));
  }
  Rows left_out;
  if (program.flag("left-out")) {
    left_out = left_out_rows(program, sets, recipe, runs);
    if (program.interrupted()) return;
    print("\n");
    print_table(left_out);
  }
  program.report("test_accuracy",
                 format("%.4f", best_mean(runs, &BestRun::test)));
  program.report("kept_back_accuracy",
                 format("%.4f", best_mean(runs, &BestRun::kept_back)));
  program.report("seconds",
                 format("%.1f", best_mean(runs, &BestRun::seconds)));
  if (program.flag("record"))
    record_best(program, runs, recipe.seed, left_out);
}

inline int best_program(int argc, char** argv) {
  Program program("12-generalization --best",
                  "Trains the best network of chapter 12 and reads the "
                  "test digits once for each seed.",
                  Program::Kind::tool);
  program.seeded();
  program.text("data", "", "DIR",
               "a folder with MNIST's four files instead of the digits "
               "that come with the book");
  program.integer("seeds", 1, 1, 100, "runs, beginning with --seed");
  program.integer("epochs", 0, 0, 10000,
                  "times that every digit is seen; 0: as in the chapter");
  program.integer("threads", 0, 0, 1024,
                  "threads; 0: one for each processor");
  program.flag("left-out", "trains it again without each of its remedies");
  program.flag("record",
               "writes the table with its seconds into book/output");
  program.if_interrupted(
      "interrupted, so nothing was asked of the test digits");
  return program.run(argc, argv, train_the_best);
}

}  // namespace cnn
