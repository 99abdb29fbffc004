// Step 1: watch it learn, and ask whether the first layer matters.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "08-seeing/figures.hpp"
#include "08-seeing/learning.hpp"
#include "08-seeing/live_filters.hpp"
#include "08-seeing/steps_tour.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Trains, and shows the first layer's filters on a terminal as they change.
inline void train_watched(SeeingTour& tour) {
  Program& program = tour.program;
  const int steps =
      training_steps(tour.digits.train.size(), tour.experiment.settings);
  LiveFilters live;
  Progress progress("training", steps, "steps");
  tour.snapshots = compute_snapshots(
      tour.digits.train, tour.experiment, 24,
      [&](const TrainingStep& now, const Snapshot* taken) {
        if (taken) live.show(now, taken->values[0]);
        progress.update(now.step, format("loss %.2f", now.loss));
        return !program.interrupted();
      });
  tour.network = network_at(tour.snapshots.back());
}

// Prints a row for every third moment and for the last: its step, and the
// texts that `cells` returns for it.
template <class Cells>
void print_moments(const std::vector<LearningMoment>& moments,
                   const std::vector<std::string>& head,
                   const Cells& cells) {
  Rows rows = {head};
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (i % 3 != 0 && i + 1 != moments.size()) continue;
    rows.push_back({std::to_string(moments[i].step)});
    for (const std::string& cell : cells(moments[i]))
      rows.back().push_back(cell);
  }
  print_table(rows);
}

inline std::string two_decimals(double number) {
  return format("%.2f", number);
}

inline void print_likeness(const FirstLayerLikeness& likeness) {
  std::string text = "The filters of layer 1 one by one:";
  for (std::size_t i = 0; i < likeness.filters.size(); ++i)
    text += (i == 0 ? " " : ", ") + two_decimals(likeness.filters[i]);
  say("\n" + text + ". For comparison, the random starts of two seeds: " +
      two_decimals(likeness.strangers) + ".");
}

inline void show_learning(Program& program,
                          const std::vector<LearningMoment>& moments,
                          const FirstLayerLikeness& likeness) {
  say("How similar each layer's weights are to those at the start, by "
      "(8.1) on this chapter's page: 1 if they point the same way, near 0 "
      "if they have nothing to do with each other. Layers 1 and 2 are the "
      "convolutions, and layer 3 is the dense one.");
  print("\n");
  print_moments(
      moments,
      {"step", "held-out accuracy", "layer 1", "layer 2", "layer 3"},
      [](const LearningMoment& it) {
        return std::vector{percent(it.accuracy), two_decimals(it.alike[0]),
                           two_decimals(it.alike[1]),
                           two_decimals(it.alike[2])};
      });
  program.report("filters_like_the_start",
                 two_decimals(moments.back().alike[0]));
  print_likeness(likeness);
  print(
      "\n    How far the weights have moved from the start, on average "
      "(root mean\n    square):\n\n");
  print_moments(moments, {"step", "layer 1", "layer 2", "layer 3"},
                [](const LearningMoment& it) {
                  return std::vector{format("%.3f", it.moved[0]),
                                     format("%.3f", it.moved[1]),
                                     format("%.3f", it.moved[2])};
                });
}

// alike: how similar the first layer's weights at the end are to those at
// the start
inline void draw_filters(Program& program, const std::vector<Snapshot>& all,
                         double alike) {
  const float range1 = largest_of_all(all, 0);
  const float range2 = largest_of_all(all, 2);
  std::vector<Picture> filters, second;
  for (std::size_t i = 0; i < all.size(); ++i) {
    filters.push_back(first_filters_frame(all[i], range1));
    if (i % 3 == (all.size() - 1) % 3)  // every third one, and the last
      second.push_back(second_filters_frame(all[i], range2));
  }
  program.film(
      "filters-film.png", filters, 400,
      alike > 0.98  ? "what was noise is still noise: it has hardly moved"
      : alike > 0.5 ? "every filter is bent, and much of its random "
                      "start stays"
                    : "every filter leaves its random start");
  program.figure("filters-strip.png",
                 first_filters_strip(some_of(all, 7), range1),
                 "the same, seven moments one below the other");
  program.film("second-film.png", second, 400,
               "sixteen filters, each with a square for each of the "
               "eight maps: who can say what they look for?");
  program.figure("second-strip.png",
                 second_filters_strip(some_of(all, 5), range2),
                 "four of the sixteen, five moments one below the other");
}

inline void draw_confusion(Program& program,
                           const std::vector<LearningMoment>& moments) {
  const std::size_t count = moments.size();
  const bool reads = moments.back().accuracy > 0.5;
  Sheet strip(
      "What is taken for what (row: what it is, column: what is said)");
  std::vector<Picture> frames;
  for (std::size_t i = 0; i < count; ++i) {
    const LearningMoment& it = moments[i];
    const Picture map = confusion_map(it.confusion);
    const std::string caption = confusion_caption(it.step, it.accuracy);
    frames.push_back(Sheet("Row: what it is. Column: what is said")
                         .add(map, caption)
                         .picture());
    if (i == count / 2) strip.row();
    for (const std::size_t shown :
         {std::size_t{0}, count / 4, count / 2, count - 1})
      if (i == shown) strip.add(map, caption);
  }
  program.film("confusion-film.png", frames, 400,
               reads ? "the answers gather on the diagonal"
                     : "do the answers gather on the diagonal?");
  program.figure("confusion-strip.png", strip.picture(),
                 reads && moments.front().commonest > 0.6
                     ? "at first most answers are the same, then they form "
                       "a diagonal"
                     : "what is said at first, and in the end");
}

inline void watch_it_learn(SeeingTour& tour) {
  step("Watch it learn");
  say("Chapter 06's network, from the same first numbers, with chapter "
      "07's layers. While it learns, a copy of its parameters is put aside "
      "at the start, after steps 1, 2 and 3, and then less and less often. "
      "(The terminal shows the first layer's filters as they change, if it "
      "can show colours.)");
  print("\n");
  train_watched(tour);
  if (tour.program.interrupted()) return;
  const std::vector<Snapshot>& all = tour.snapshots;
  const std::vector<LearningMoment> moments =
      compute_learning(all, tour.digits.held_out);
  show_learning(tour.program, moments,
                compute_likeness(all.front(), all.back(),
                                 stranger_to(tour.experiment)));
  draw_filters(tour.program, all, moments.back().alike[0]);
  draw_confusion(tour.program, moments);
}

// ---- Does the first layer matter? --------------------------------------

// How many parameters are frozen, and what then learns.
inline const std::vector<std::pair<std::ptrdiff_t, std::string>>
    what_learns = {
        {0, "all layers"}, {2, "all but the first"}, {4, "only the last"}};

// Trains for each entry of what_learns from `seeds` seeds. The result is
// incomplete if the program is interrupted.
inline std::vector<FrozenRuns> train_frozen(const SeeingTour& tour,
                                            int seeds) {
  std::vector<FrozenRuns> runs;
  Progress progress("trainings",
                    static_cast<int>(what_learns.size()) * seeds, "runs");
  int done = 0;
  for (const auto& [parameters, name] : what_learns) {
    runs.push_back(compute_frozen(
        tour.digits, tour.experiment, parameters, seeds,
        [&](const TrainingStep&) { return !tour.program.interrupted(); },
        [&] { progress.update(++done); }));
    if (tour.program.interrupted()) break;
  }
  return runs;
}

inline void freeze_layers(SeeingTour& tour) {
  print("\n");
  say("Does it matter what the first layer learns? Here is the same "
      "training again, in which either all layers learn, or all but the "
      "first, which keeps its random numbers, or only the last. This is "
      "one seed (--full runs ten):");
  print("\n");
  const std::vector<FrozenRuns> runs = train_frozen(tour, 1);
  if (tour.program.interrupted()) return;
  Rows rows = {{"what learns", "held-out accuracy"}};
  for (std::size_t k = 0; k < runs.size(); ++k) {
    rows.push_back({what_learns[k].second, percent(runs[k].accuracies[0])});
    tour.program.report(
        "frozen_" + std::to_string(runs[k].frozen / 2) + "_accuracy",
        format("%.4f", runs[k].accuracies[0]));
  }
  print_table(rows);
  const auto with = [&](const Snapshot& other) {
    return percent(accuracy_with_first_layer(tour.snapshots.back(), other,
                                             tour.digits.held_out));
  };
  print("\n");
  say("How many digits does the trained network read if its first layer is "
      "made random again? With its own start in it " +
      with(tour.snapshots.front()) + ", with that of another seed " +
      with(stranger_to(tour.experiment)) + ".");
}

}  // namespace cnn
