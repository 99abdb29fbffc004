// Steps 1 and 2: the pictures, and how well simple models recognise them.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "15-colour/colour_baselines.hpp"
#include "15-colour/steps_tour.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

inline void pictures_at_hand(ColourTour& tour) {
  step("Pictures with three channels");
  const Split& split = tour.split();
  const Shape& shape = split.train.shape();
  say(split.source + ". This run learns from " +
      grouped(split.train.size()) + " and holds out " +
      grouped(split.held_out.size()) +
      format(", each with %d channels of %d x %d pixels.", shape[1],
             shape[2], shape[3]));
  print_skipped(tour.pictures.skipped, "    ");
  print("\n");
  Rows rows = {{"class", "red", "green", "blue", "held out"}};
  for (int k = 0; k < split.train.classes; ++k) {
    const auto colour = mean_colour_of(split.train, k);
    const auto count = std::count(split.held_out.labels.begin(),
                                  split.held_out.labels.end(), k);
    rows.push_back({tour.pictures.name(k)});
    for (const float level : colour)
      rows.back().push_back(format("%.2f", static_cast<double>(level)));
    rows.back().push_back(std::to_string(count));
  }
  say("The mean colour of each class, from 0 to 1, and how many of its "
      "pictures are held out:");
  print("\n");
  print_table(rows);
  tour.program.figure(
      "examples.png",
      examples_picture(first(split.train, 400), split.names, 5),
      "which classes could you tell apart by one blurred spot of colour?");
}

inline void colour_alone(ColourTour& tour) {
  step("What colour alone tells, and a linear model");
  tour.simple = compute_simple_models(
      tour.split(), tour.program.quick() ? 1 : 10, tour.program.seed());
  say("The first three models know a few numbers about a picture, and let "
      "the 15 training pictures with the nearest numbers vote. The last is "
      "one dense layer on all pixels. Held out: the share of the held-out "
      "pictures that each names correctly.");
  print("\n");
  const SimpleModels& it = tour.simple;
  const Shape& shape = tour.split().train.shape();
  const int pixels = shape[1] * shape[2] * shape[3];
  print_table(
      {{"model", "numbers", "held out"},
       {"mean grey", "1", percent(it.grey, 1)},
       {"mean colour", "3", percent(it.colour, 1)},
       {"mean colour and its spread", "6", percent(it.spread, 1)},
       {"linear, all pixels", grouped(pixels), percent(it.linear, 1)}});
  tour.program.report("mean_colour_accuracy", format("%.4f", it.colour));
  tour.program.report("linear_accuracy", format("%.4f", it.linear));
}

}  // namespace cnn
