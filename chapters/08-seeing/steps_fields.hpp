// Steps 2 to 4: one digit on its way, what a cell can see, and what a
// filter looks for.
// Book: book/08-seeing.md
#pragma once

#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "08-seeing/digit_maps.hpp"
#include "08-seeing/field_check.hpp"
#include "08-seeing/figures.hpp"
#include "08-seeing/patches.hpp"
#include "08-seeing/steps_tour.hpp"
#include "common/data/story.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Shows the network's answer to a digit at each moment, and the probability
// that it gives to the digit's own class.
inline void show_answers(const Seen& seen, int label) {
  Rows rows = {{"step", "says", format("p of the %d", label)}};
  for (const auto& [step, outputs] : seen) {
    const Tensor<> probabilities = softmax(outputs.back());
    rows.push_back(
        {std::to_string(step),
         std::to_string(predictions(outputs.back())[0]),
         format("%.3f", static_cast<double>(probabilities(0, label)))});
  }
  print_table(rows);
}

inline void follow_digits(SeeingTour& tour) {
  step("One digit, seen by the network at five moments");
  const Dataset& data = tour.digits.held_out;
  const Tensor<> digit = picture_of(data.images, story_digit);
  const int label = labels_of(data, {&story_digit, 1}).front();
  const std::vector<Snapshot> five = some_of(tour.snapshots, 5);
  const Seen seen = compute_seen(five, digit);
  say(
      format("Held-out digit number %d, counted from 0, is a %d. The "
             "network as it was at five moments looks at it:",
             story_digit, label));
  print("\n");
  show_answers(seen, label);
  std::vector<Picture> frames;
  for (const auto& [step, outputs] :
       compute_seen(every_other(tour.snapshots), digit))
    frames.push_back(maps_frame(outputs, step));
  tour.program.film(
      "maps-film.png", frames, 400,
      "its maps while the network learns; the first eight of each layer");
  const Tensor<> other = first_of(data, 8);
  tour.program.figure(
      "maps.png",
      maps_figure(
          {{digit, seen}, {other, compute_seen({five.back()}, other)}}),
      "what both pools make of it at five moments, and of an 8 at the end");
}

// ---- What a cell can see -----------------------------------------------

// images: how many were used to compute `fields`
inline void show_fields(const std::vector<LayerField>& fields, int images) {
  Rows rows = {{"layer", "map", "sees", "next cell", "middle cell",
                "reached", "outside"}};
  int outside = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& [field, side, reached] = fields[i];
    const int begin = field.begin(side / 2);
    outside += reached.outside;
    rows.push_back({map_layers[i], format("%d x %d", side, side),
                    format("%d x %d", field.size, field.size),
                    format("%d on", field.jump),
                    format("%d to %d", begin, begin + field.size - 1),
                    std::to_string(reached.inside),
                    std::to_string(reached.outside)});
  }
  say("What a cell sees is its receptive field. For each layer: the size "
      "of its maps, the pixels that a cell sees, how many pixels further "
      "on the next cell looks, and the rows and columns that the middle "
      "cell sees, counted from 0:");
  print("\n");
  print_table(rows);
  print("\n");
  say(format("The last two columns ask the network itself. They count the "
             "pixels, in the field and outside of it, for which the "
             "gradient of the middle cells is not 0 on at least one of %d "
             "digits. ",
             images) +
      (outside == 0
           ? "It is 0 everywhere outside the field."
           : "Outside of the field it should be 0, and it is not!"));
}

inline void what_a_cell_sees(SeeingTour& tour) {
  step("What a cell can see");
  const Dataset some = first(tour.digits.held_out, 100);
  const std::vector<LayerField> fields =
      compute_fields(*tour.network, some.images);
  show_fields(fields, some.size());
  tour.program.figure(
      "fields.png",
      fields_figure(first_of(tour.digits.held_out, 3), fields),
      "from a corner of a stroke to half of the digit");
}

// ---- What a filter looks for -------------------------------------------

inline void show_majorities(const Patches& trained, const Patches& random) {
  Rows rows = {{"layer 2, filter", "commonest digit", "of nine",
                "before training", "of nine "}};
  for (std::size_t c = 0; c < trained.majorities.size(); ++c) {
    const Majority now = trained.majorities[c];
    const Majority before = random.majorities[c];
    rows.push_back({std::to_string(c + 1), std::to_string(now.label),
                    std::to_string(now.count), std::to_string(before.label),
                    std::to_string(before.count)});
  }
  rows.push_back({"mean", "", format("%.1f", trained.mean_count()), "",
                  format("%.1f", random.mean_count())});
  print("\n");
  say("For each filter of layer 2, the nine training digits with its "
      "strongest answers: the commonest digit among them, and how many of "
      "the nine it is, first after the training and then before it:");
  print("\n");
  print_table(rows);
}

inline void what_filters_look_for(SeeingTour& tour) {
  step("What a filter looks for, in the data's own words");
  const Snapshot &start = tour.snapshots.front(),
                 &end = tour.snapshots.back();
  const Dataset& data = tour.digits.train;
  const auto fields = receptive_fields(digit_network);
  const Patches first = compute_patches(end, data, 0);
  const Patches trained = compute_patches(end, data, 3);
  const Patches random = compute_patches(start, data, 3);
  tour.program.figure("patches-1.png",
                      patches_figure(end.values[0], data, first.answers,
                                     fields[0], 7, "First layer"),
                      "small pieces of strokes; in most rows all nine are "
                      "much alike");
  tour.program.figure("patches-2.png",
                      patches_figure(end.values[2], data, trained.answers,
                                     fields[3], 3, "Second layer"),
                      "larger pieces: bends, rings and crossings");
  tour.program.figure(
      "patches-random.png",
      patches_figure(start.values[2], data, random.answers, fields[3], 3,
                     "Second layer before training"),
      "the same before the training, to compare with");
  show_majorities(trained, random);
}

}  // namespace cnn
