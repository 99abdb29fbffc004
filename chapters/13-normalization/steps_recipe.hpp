// --recipe: all of MNIST in three minutes, and --record-recipe: the record
// of three such runs.
// Book: book/13-normalization.md
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "07-speed/work.hpp"
#include "13-normalization/norm_cost.hpp"
#include "13-normalization/recipe.hpp"
#include "common/data/files.hpp"
#include "common/shell/file.hpp"
#include "common/shell/places.hpp"
#include "common/shell/program.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline constexpr int kept_back_digits = 5000;

inline MnistRecipe chosen_mnist_recipe(const Program& program) {
  MnistRecipe recipe;
  recipe.epochs = program.integer("epochs");
  recipe.width = program.integer("width");
  return recipe;
}

inline std::string mnist_recipe_text(const MnistRecipe& it,
                                     FastNetwork& network) {
  return format(
      "%d parameters, %s in batches of %d, Nesterov %.1f, one cycle with a "
      "peak of %.2f, decay %g, label smoothing %.2f, dropout %.1f. "
      "Pictures are turned by up to %.0f degrees, scaled by up to %.0f %%, "
      "sheared by up to %.2f, and shifted by up to %.0f pixels.",
      parameter_count(network), counted_text(it.epochs, "epoch").c_str(),
      it.batch, it.momentum, it.peak, it.decay, it.smoothing, it.dropout,
      it.changes.turn, 100 * it.changes.scale, it.changes.slant,
      it.changes.shift);
}

// A run's accuracies on the digits kept back and on the test set, and its
// seconds.
struct RecipeRun {
  double kept = 0, test = 0, seconds = 0;
};

// Trains with a progress bar. The test set is read once, at the end, and
// not at all if the run is interrupted.
inline RecipeRun run_recipe(const Program& program,
                            const MnistRecipe& recipe,
                            const KeptBack& digits) {
  const auto begin = std::chrono::steady_clock::now();
  FastNetwork network(recipe_network(recipe), {1, 28, 28},
                      {.threads = program.integer("threads")});
  say(mnist_recipe_text(recipe, network), "");
  print("\n%5s  %8s  %9s  %9s\n", "epoch", "loss", "rate", "kept back");
  RecipeRun run;
  Progress progress(
      "learning",
      recipe.epochs * ((digits.train.size() - 1) / recipe.batch + 1),
      "steps");
  double loss = 0;
  int steps = 0;
  follow_recipe(
      network, recipe, digits.train, [&](const TrainingStep& now) {
        loss += now.loss;
        ++steps;
        progress.update(now.step, format("loss %.3f", now.loss));
        if (now.step % (now.steps / recipe.epochs) == 0) {
          run.kept = accuracy(network, digits.kept);
          print("%5d  %8.4f  %9.5f  %9s\n", now.epoch, loss / steps,
                now.learning_rate, percent(run.kept).c_str());
          loss = 0;
          steps = 0;
        }
        return !program.interrupted();
      });
  if (program.interrupted()) return run;
  run.test = accuracy(network, digits.test);
  run.seconds = std::chrono::duration<double>(
                    std::chrono::steady_clock::now() - begin)
                    .count();
  return run;
}

inline void add_recipe_options(Program& program) {
  program.text("data", "", "DIR", "the folder with MNIST's four files");
  program.integer("epochs", MnistRecipe{}.epochs, 1, 1000,
                  "times that every digit is seen");
  program.integer("width", MnistRecipe{}.width, 1, 1000,
                  "channels of the first convolution");
  program.integer("threads", 0, 0, 256, "threads; 0: one per processor");
}

// The digits of --data, some of them kept back.
inline KeptBack recipe_digits(const Program& program) {
  if (!program.given("data"))
    throw UsageError(
        "expected --data DIR, the folder with MNIST's four files "
        "(./tutorial data mnist fetches them)");
  const Split digits =
      load_digits(std::filesystem::path(program.text("data")));
  print("Data: %s.\n", digits.source.c_str());
  return keep_back(
      digits, std::min(kept_back_digits, digits.train.size() / 12 + 1));
}

inline int recipe_program(int argc, char** argv) {
  Program program("13-normalization --recipe",
                  "All of MNIST in three minutes: trains on 55,000 digits, "
                  "looks at 5,000 kept back, reads the test set once.",
                  Program::Kind::tool);
  program.seeded();
  add_recipe_options(program);
  return program.run(argc, argv, [](Program& run) {
    const KeptBack digits = recipe_digits(run);
    run.catch_interrupts();
    run.if_interrupted("interrupted, so the test set was not read");
    MnistRecipe recipe = chosen_mnist_recipe(run);
    recipe.seed = run.seed();
    const RecipeRun it = run_recipe(run, recipe, digits);
    if (run.interrupted()) return;
    print("\nTest digits read right: %s, after %.0f seconds.\n",
          percent(it.test).c_str(), it.seconds);
    run.report("test_accuracy", format("%.4f", it.test));
    run.report("kept_back_accuracy", format("%.4f", it.kept));
    run.report("seconds", format("%.0f", it.seconds));
  });
}

// ---- The record --------------------------------------------------------

inline std::string recipe_record(const std::vector<RecipeRun>& runs) {
  Rows rows = {{"seed", "kept back", "test set", "seconds"}};
  std::vector<double> kept, test;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    rows.push_back({std::to_string(i + 1), percent(runs[i].kept),
                    percent(runs[i].test),
                    format("%.0f", runs[i].seconds)});
    kept.push_back(runs[i].kept);
    test.push_back(runs[i].test);
  }
  const auto text = [](const std::vector<double>& shares) {
    const SeedMean it = seed_mean(shares);
    return format("%.2f +- %.2f", 100 * it.mean, 100 * it.error);
  };
  rows.push_back({"mean", text(kept), text(test), ""});
  return table_text(rows);
}

// How much longer batch normalization makes a training step, measured in
// networks A and B of chapter 07.
inline std::string norm_cost_text(const Program& program) {
  const FastOptions options{.threads = program.integer("threads")};
  const auto share = [&](const Architecture& layers) {
    return 100 * compute_norm_cost(layers, {1, 28, 28}, 64, options, 7, 0.3)
                     .share();
  };
  return format(
      "A training step with batch norm takes %.0f %% longer in network A, "
      "and %.0f %% longer in network B.",
      share(digit_network), share(larger_network));
}

inline int record_recipe_program(int argc, char** argv) {
  Program program("13-normalization --record-recipe",
                  "Three runs of --recipe, with the seeds 1 to 3, and "
                  "their record in book/output/13-normalization.measured.",
                  Program::Kind::tool);
  add_recipe_options(program);
  return program.run(argc, argv, [](Program& run) {
    if (run.given("epochs") || run.given("width"))
      throw UsageError(
          "expected neither --epochs nor --width: the record is of the "
          "recipe as it stands");
    const std::string file = "book/output/13-normalization.measured";
    require_file(run.source_folder() / file, "--record-recipe ");
    const KeptBack digits = recipe_digits(run);
    run.catch_interrupts();
    std::vector<RecipeRun> runs;
    MnistRecipe recipe = chosen_mnist_recipe(run);
    for (int seed = 1; seed <= 3; ++seed) {
      print("\nSeed %d\n", seed);
      recipe.seed = static_cast<std::uint64_t>(seed);
      runs.push_back(run_recipe(run, recipe, digits));
      if (run.interrupted()) return;
    }
    FastNetwork network(recipe_network(recipe), {1, 28, 28});
    const std::string text =
        wrapped(mnist_recipe_text(recipe, network), "") + "\n" +
        recipe_record(runs) + "\n" + wrapped(norm_cost_text(run), "");
    print("\n%s", text.c_str());
    write_file(Program::source_folder() / file, text);
    print("\nWritten: %s\n", file.c_str());
  });
}

}  // namespace cnn
