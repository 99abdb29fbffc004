// --minutes M: the network and the recipe for M minutes of two cores.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "15-colour/minutes.hpp"
#include "15-colour/minutes_record.hpp"
#include "15-colour/steps_tour.hpp"
#include "common/data/files.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/file.hpp"
#include "common/shell/places.hpp"

namespace cnn {

inline Strings minutes_choices() {
  Strings all = {"none"};
  for (const MinutesPlan& it : minutes_plans())
    all.push_back(std::to_string(it.minutes));
  return all;
}

inline bool is_about_cifar10(const Program& program) {
  return program.data() &&
         folder_kind(*program.data()) == FolderKind::cifar10;
}

// Only whole runs on CIFAR-10 are recorded.
// Throws UsageError if --record would record anything else.
inline void require_recordable(const Program& program) {
  if (program.flag("record") &&
      (program.quick() || !is_about_cifar10(program)))
    throw UsageError("expected --record with --data and CIFAR-10's folder");
}

// Whether the program should run --minutes instead of the tour.
// Throws UsageError for options that do not go together.
inline bool asks_for_minutes(const Program& program) {
  const bool asks = program.choice("minutes") != "none";
  if (asks && program.flag("full"))
    throw UsageError("expected --minutes or --full, got both");
  if (!asks && program.flag("record") && !program.flag("transfer"))
    throw UsageError("expected --record with --minutes or --transfer");
  if (!asks) return false;
  program.require_without("minutes", {"size"},
                          ": its work is that of 32 x 32 pixels");
  require_recordable(program);
  return true;
}

// Plots the accuracy against the work, whose axis is logarithmic.
inline std::string minutes_figure(const std::vector<MinutesRun>& runs) {
  LinePlot plot;
  plot.title = "CIFAR-10: accuracy against work";
  plot.x_label = "operations of one training (10^12)";
  plot.y_label = "accuracy (%)";
  plot.log_x = true;
  Series ours{"two cores", {}, {}};
  for (const MinutesPlan& it : minutes_plans()) {
    const auto accuracies =
        of_minutes(runs, it.minutes, &MinutesRun::accuracy);
    if (accuracies.empty()) continue;
    const SeedMean mean = seed_mean(accuracies);
    const SeedMean work =
        seed_mean(of_minutes(runs, it.minutes, &MinutesRun::work));
    ours.x.push_back(work.mean / 1e12);
    ours.y.push_back(100 * mean.mean);
    ours.errors.push_back(100 * mean.error);
  }
  Series rows{"", ours.x, ours.y, true};
  rows.like = 0;
  plot.series = {ours, rows};
  for (const PublishedRun& it : published_runs())
    plot.series.push_back(
        {it.name, {it.work / 1e12}, {100 * it.accuracy}, true});
  return plot.svg();
}

// A row for each plan that has runs. The seconds are those of the quickest
// run, because whatever else the machine does can only slow a run down.
inline Rows minutes_rows(const std::vector<MinutesRun>& runs) {
  Rows rows = {{"minutes", "network", "10^12 ops", "seeds", "accuracy (%)",
                "seconds"}};
  for (const MinutesPlan& it : minutes_plans()) {
    const auto accuracies =
        of_minutes(runs, it.minutes, &MinutesRun::accuracy);
    if (accuracies.empty()) continue;
    const int seeds = static_cast<int>(accuracies.size());
    const SeedMean right = seed_mean(accuracies);
    const auto mean = [&](double MinutesRun::*number) {
      return seed_mean(of_minutes(runs, it.minutes, number)).mean;
    };
    const auto seconds = of_minutes(runs, it.minutes, &MinutesRun::seconds);
    rows.push_back(
        {std::to_string(it.minutes), widths_text(it.widths),
         format("%.1f", mean(&MinutesRun::work) / 1e12),
         std::to_string(seeds),
         number_text({100 * right.mean, 100 * right.error}, seeds, 2),
         format("%.0f",
                *std::min_element(seconds.begin(), seconds.end()))});
  }
  return rows;
}

constexpr const char* minutes_record_file =
    "book/output/15-colour.measured";

// Adds a run to the record, and draws the figure of all runs in it.
inline void record_minutes(const Program& program, const MinutesRun& run) {
  const std::filesystem::path root = program.source_folder();
  const std::string file = minutes_record_file,
                    figure = "figures/15-colour/minutes-measured.svg";
  std::string text;
  if (std::filesystem::exists(root / file)) {
    const auto bytes = read_bytes(root / file, 1'000'000);
    text.assign(bytes.begin(), bytes.end());
  }
  const std::vector<MinutesRun> runs = with_run(runs_of(text), run);
  text =
      "\n" + table_text(minutes_rows(runs)) +
      "\n    Seconds are those of the quickest run. A line for each run: "
      "accuracy\n    over views, of one view, operations, seconds.\n\n";
  for (const MinutesRun& it : runs) text += "    " + run_line(it);
  write_file(root / file, text);
  write_file(root / figure, minutes_figure(runs));
  print("    recorded: %s, %s\n", file.c_str(), figure.c_str());
}

inline void learn_for_minutes(Program& program) {
  if (program.flag("record"))
    require_file(program.source_folder() / minutes_record_file,
                 "--record ");
  ColourPictures pictures = load_colours(program);
  Split& split = pictures.split;
  ColourRecipe recipe = recipe_for_minutes(
      std::stoi(program.choice("minutes")), split.train.size(),
      pictures.upright, program.seed());
  if (program.quick()) {
    split.train = first(split.train, 250);
    split.held_out = first(split.held_out, 100);
    recipe.epochs = 1;
    recipe.batch = usual_batch(split.train.size());
  }
  program.catch_interrupts();
  print_skipped(pictures.skipped);
  const double work = work_of(recipe, split.train.size(),
                              split.train.shape()[2], split.train.classes);
  say(split.source + ". " + widths_text(recipe.widths) +
      format(", epochs: %d, batches of %d, %.1f x 10^12 operations.",
             recipe.epochs, recipe.batch, work / 1e12));
  const auto start = std::chrono::steady_clock::now();
  const auto network = started_colours(recipe, split.train);
  Progress progress("training", split.train.size() * recipe.epochs,
                    "pictures");
  train_colours(
      *network, recipe, split.train, [&](const TrainingStep& now) {
        progress.update(std::min(now.step * recipe.batch,
                                 split.train.size() * now.epoch),
                        format("epoch %d, loss %.2f, %.0f %% right",
                               now.epoch, now.loss, 100 * now.accuracy));
        return !program.interrupted();
      });
  if (program.interrupted()) return;
  const double seconds = std::chrono::duration<double>(
                             std::chrono::steady_clock::now() - start)
                             .count();
  progress.clear();
  const double once = accuracy(*network, split.held_out),
               over_views = accuracy_over_views(*network, split.held_out,
                                                recipe.changes.views);
  print("\n");
  say(
      format("Right: %s of %d pictures that it never saw; with the mean "
             "over %d views of each: %s.",
             percent(once).c_str(), split.held_out.size(),
             recipe.changes.views, percent(over_views).c_str()));
  if (program.flag("record"))
    record_minutes(program,
                   {std::stoi(program.choice("minutes")), program.seed(),
                    over_views, once, work, seconds});
  program.report("accuracy", format("%.4f", over_views));
  program.report("accuracy_of_one_view", format("%.4f", once));
  program.report("seconds", format("%.1f", seconds));
}

}  // namespace cnn
