// Steps 5 and 6: which filters are at work, and what an answer rests on.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "08-seeing/choosiness.hpp"
#include "08-seeing/covering.hpp"
#include "08-seeing/figures.hpp"
#include "08-seeing/steps_tour.hpp"
#include "common/data/story.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// images: for how many a dead filter is silent; epochs: for how many each
// network was trained
inline void show_dead(const std::vector<DeadFilters>& all, int images,
                      int epochs) {
  Rows rows = {{"learning rate", "dead in layer 1", "dead in layer 2",
                "held-out accuracy"}};
  for (const DeadFilters& it : all)
    rows.push_back(
        {tick_text(it.learning_rate), format("%d of 8", it.layer1),
         format("%d of 16", it.layer2),
         it.accuracy ? percent(*it.accuracy) : "the loss is not a number"});
  const auto dead = [](const DeadFilters& it) {
    return it.layer1 + it.layer2;
  };
  print("\n");
  say(format("A filter is dead if none of its cells is above 0 for any of "
             "%d digits. We train for %s at each of these rates and count "
             "the dead. ",
             images, counted_text(epochs, "epoch").c_str()) +
      (dead(all.back()) > dead(all.front())
           ? "Steps that are too large kill filters:"
           : "Does a step that is too large kill filters?"));
  print("\n");
  print_table(rows);
}

// Trains to the end or until an interrupt. Returns false if the loss or a
// parameter stopped being finite.
inline bool trains_soundly(const SeeingTour& tour, FastNetwork& network,
                           const Experiment& experiment) {
  Sgd sgd(experiment.momentum);
  try {
    train_fast(
        network, sgd, tour.digits.train, experiment.settings,
        [&](const TrainingStep&) { return !tour.program.interrupted(); });
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

inline void draw_activity(Program& program,
                          const std::vector<ActivityMoment>& moments) {
  Series everywhere{"layer 1, all cells", {}, {}};
  Series on_ink[2] = {{"layer 1, where there is ink", {}, {}},
                      {"layer 2, where there is ink", {}, {}}};
  const auto add = [](Series& line, int step, double share) {
    line.x.push_back(std::max(0.5, static_cast<double>(step)));
    line.y.push_back(100 * share);
  };
  for (const ActivityMoment& it : moments) {
    add(everywhere, it.step, it.everywhere);
    for (const std::size_t i : {0u, 1u})
      add(on_ink[i], it.step, it.on_ink[i]);
  }
  const ActivityMoment &start = moments.front(), &end = moments.back();
  program.figure(
      "activity.svg",
      over_steps("How many cells are above 0", "cells above 0 (%)",
                 {on_ink[0], on_ink[1], everywhere}),
      end.on_ink[0] < start.on_ink[0] && end.on_ink[1] < start.on_ink[1]
          ? "the layers become choosy; the wild line counts the black "
            "background, too"
          : "do the layers become choosy? One line counts the black "
            "background, too");
}

// How the activations before ReLU are spread, at eight moments.
inline void draw_activations(Program& program,
                             const std::vector<ActivityMoment>& moments) {
  const ActivityMoment &start = moments.front(), &end = moments.back();
  const std::vector<ActivityMoment> eight = some_of(moments, 8);
  for (const std::size_t i : {0u, 1u}) {
    std::vector<int> steps;
    std::vector<std::vector<double>> shares;
    for (const ActivityMoment& it : eight) {
      steps.push_back(it.step);
      shares.push_back(it.bins[i]);
    }
    const int layer = static_cast<int>(i) + 1;
    program.figure(
        format("activations-%d.svg", layer),
        histogram_figure(
            format("Layer %d before ReLU: %% of the cells in each interval",
                   layer),
            steps, shares, lowest, (highest - lowest) / intervals),
        becomes_wide(start.bins[i], end.bins[i]) && end.on_ink[i] < 0.5
            ? "close to 0 at first, then widely spread, mostly below 0"
            : "how the activations are spread, from the start to the end");
  }
}

inline void who_is_at_work(SeeingTour& tour) {
  step("Who is at work");
  const Dataset some = first(tour.digits.held_out, 500);
  const std::vector<ActivityMoment> moments =
      compute_activity(tour.snapshots, some.images);
  draw_activity(tour.program, moments);
  draw_activations(tour.program, moments);
  const auto learn = [&](FastNetwork& network, const Experiment& it) {
    return trains_soundly(tour, network, it);
  };
  show_dead(
      compute_dead(tour.experiment, tour.digits.held_out, some, learn),
      some.size(), deadly_epochs(tour.experiment));
}

// ---- What an answer rests on -------------------------------------------

// all: the few of each kind to be shown; name: the square's colour
inline void show_covered(const CoveredDigits& all,
                         const std::string& name) {
  Rows rows = {{"digit", "says", "p of the digit", "covered: least",
                "then it says", "most"}};
  const auto text = [](float p) {
    return format("%.3f", static_cast<double>(p));
  };
  for (const auto* kind : {&all.right, &all.wrong})
    for (const Covered& it : *kind)
      rows.push_back({std::to_string(it.truth), std::to_string(it.said),
                      text(it.whole), text(it.least),
                      std::to_string(it.then), text(it.most)});
  print("\n");
  say(format(
      "Here are %s four of each kind on which the %s square has the most "
      "effect, and for each the probability p of the digit on the whole "
      "picture, the least that it becomes under the square, what the "
      "network then says, and the most that it becomes:",
      std::min(all.right.size(), all.wrong.size()) < 4 ? "up to" : "the",
      name.c_str()));
  print("\n");
  print_table(rows);
}

inline const std::vector<std::pair<std::string, float>> square_greys = {
    {"black", 0.0f}, {"grey", 0.5f}};

// Shows what the answer to one digit rests on.
inline void cover_one_digit(SeeingTour& tour) {
  const Dataset& data = tour.digits.held_out;
  std::vector<std::pair<std::string, Covered>> squares;
  for (const auto& [name, grey] : square_greys)
    squares.push_back(
        {name, cover(*tour.network, data, story_digit, grey)});
  const Covered& any = squares.front().second;
  print("\n");
  say(
      format("Now one digit by itself: number %d of the held-out digits, "
             "counted from 0, which is a %d. The network says %d.",
             story_digit, any.truth, any.said));
  print("\n");
  Rows rows = {{"the square", format("p of the %d", any.truth),
                "covered: least", "then it says"}};
  for (const auto& [name, it] : squares)
    rows.push_back({name, format("%.3f", static_cast<double>(it.whole)),
                    format("%.3f", static_cast<double>(it.least)),
                    std::to_string(it.then)});
  print_table(rows);
  tour.program.figure(
      "story.png",
      covered_digit_figure(picture_of(data.images, story_digit), squares),
      "the paler the blue, the less sure the answer, on average over the "
      "squares that cover this place");
}

inline void cover_parts(SeeingTour& tour) {
  step("Cover a part: what does the answer rest on?");
  const int looked_at = tour.program.quick() ? 5 : 300;
  say(
      format("A square of %d x %d pixels covers each place in turn. We "
             "take those of the first %d held-out digits that are read "
             "correctly, and those of all held-out digits that are not. "
             "How many answers are lost or mended somewhere?",
             square, square, looked_at));
  print("\n");
  Rows rows = {
      {"square", "right", "somewhere lost", "wrong", "somewhere mended"}};
  CoveredDigits all;  // in the end for the last square, which is drawn
  for (const auto& [name, grey] : square_greys) {
    all = compute_covering(*tour.network, tour.digits.held_out, looked_at,
                           grey);
    rows.push_back(
        {name, std::to_string(all.right.size()), std::to_string(all.lost()),
         std::to_string(all.wrong.size()), std::to_string(all.mended())});
  }
  print_table(rows);
  const CoveredDigits shown = most_affected(std::move(all), 4);
  show_covered(shown, square_greys.back().first);
  tour.program.figure(
      "occlusion.png",
      occlusion_figure(tour.digits.held_out.images, shown,
                       square_greys.back().first),
      "above right answers, below wrong ones: cover an orange place above, "
      "or a blue one below, and the answer changes");
  cover_one_digit(tour);
}

}  // namespace cnn
