// Step 5: what a hidden filter would like to see.
// Book: book/09-dreaming.md
#pragma once

#include <string>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "06-training/network.hpp"
#include "09-dreaming/figures.hpp"
#include "09-dreaming/hidden_filters.hpp"
#include "09-dreaming/steps_networks.hpp"

namespace cnn {

inline PictureRow picture_row(const std::string& title,
                              const Windows& windows) {
  PictureRow row{title, windows.patches, {}, false};
  for (const float value : windows.values)
    row.captions.push_back(format("%.1f", static_cast<double>(value)));
  return row;
}

inline std::vector<PictureRow> picture_rows(const HiddenFilters& filters) {
  return {picture_row("plain", filters.plain),
          picture_row("all four", filters.all_four),
          picture_row("digits", filters.digits)};
}

inline HiddenFilters filters_of(const DreamingTour& tour,
                                std::size_t layer) {
  return compute_hidden_filters(*tour.networks.asked, digit_network,
                                tour.held_out.digits, layer,
                                dream_settings(tour.program));
}

inline void first_filters(DreamingTour& tour) {
  say("The same climb for one hidden cell: the middle one of each map, "
      "before ReLU. Only the window that it sees is shown. A cell of conv1 "
      "sees 5 x 5 pixels and is a weighted sum of them, so the plain climb "
      "must end in white where the weight is positive and in black where "
      "it is negative:");
  const HiddenFilters filters = filters_of(tour, 0);
  const Tensor<>& kernels = tour.networks.asked->parameters()[0]->value;
  PictureRow weights{"weights", {}, {}, true};
  for (int c = 0; c < kernels.extent(0); ++c)
    weights.pictures.push_back(picture_of(kernels, c));
  const int same = same_signs(weights.pictures, filters.plain.patches);
  print("\n    %d of %d pixels are as their weights say.\n", same,
        kernels.size());
  std::vector<PictureRow> rows = picture_rows(filters);
  rows.insert(rows.begin(), weights);
  tour.program.figure(
      "first-filters.png",
      rows_figure("The eight filters of conv1", rows, 10, 8),
      same == kernels.size()
          ? "the plain climb shows the signs of the weights, and no more"
          : "where the plain climb has come to its end, it shows the signs "
            "of the weights");
}

inline void second_filters(DreamingTour& tour) {
  say("A cell of conv2 sees 14 x 14 pixels, through eight filters, ReLU "
      "and pooling. Here is what it answers, before ReLU, at the end of "
      "the plain climb, at the end of the climb with all four "
      "regularizers, and to the window of a held-out digit that it answers "
      "to most:");
  print("\n");
  const HiddenFilters filters = filters_of(tour, 3);
  const std::vector<PictureRow> rows = picture_rows(filters);
  Rows table = {{"filter", rows[0].title, rows[1].title, rows[2].title}};
  for (std::size_t c = 0; c < rows[0].captions.size(); ++c)
    table.push_back({std::to_string(c + 1), rows[0].captions[c],
                     rows[1].captions[c], rows[2].captions[c]});
  print_table(table);
  tour.program.figure(
      "second-filters.png",
      rows_figure("The sixteen filters of conv2", rows, 4, 8),
      all_larger(filters.plain, filters.digits)
          ? "plain: noise that the cell answers to more than to anything "
            "in a digit; all four: strokes and corners; which of them "
            "resemble the windows below?"
          : "plain: noise; all four: strokes and corners, where the climb "
            "was long enough; digits: what the cell likes in them");
}

inline void whole_maps(DreamingTour& tour) {
  constexpr int count = 8;
  say("And now a whole map of conv2 instead of one cell: the mean of its "
      "cells climbs, with all four regularizers, for the first eight "
      "filters. Beside it stands the highest mean that a held-out digit "
      "reaches.");
  print("\n");
  const ChannelDreams all =
      compute_channel_dreams(*tour.networks.asked, tour.held_out.digits, 3,
                             count, dream_settings(tour.program));
  PictureRow dreams{"mean of\nthe map", all.dreams, {}, false};
  PictureRow digits{"digits", all.digits, {}, false};
  Rows table = {{"filter", "all four", "digits"}};
  bool higher = true;
  for (std::size_t c = 0; c < count; ++c) {
    const auto text = [](float mean) {
      return format("%.2f", static_cast<double>(mean));
    };
    dreams.captions.push_back(text(all.of_dreams[c]));
    digits.captions.push_back(text(all.of_digits[c]));
    higher &= all.of_dreams[c] > all.of_digits[c];
    table.push_back({std::to_string(c + 1), dreams.captions.back(),
                     digits.captions.back()});
  }
  print_table(table);
  tour.program.figure(
      "whole-maps.png",
      rows_figure("Whole maps of conv2", {dreams, digits}, 2, count),
      std::string("in some, a stroke that one cell likes is repeated, as "
                  "in a piece of cloth") +
          (higher ? "; every mean is higher than that of any digit" : ""));
}

// ---- 5. Hidden filters -------------------------------------------------

inline void hidden_filters(DreamingTour& tour) {
  step("What a hidden filter would like to see");
  first_filters(tour);
  print("\n");
  second_filters(tour);
  print("\n");
  whole_maps(tour);
}

}  // namespace cnn
