// Step 9: a digit, shown to a network for pictures in colour.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "15-colour/painted.hpp"
#include "15-colour/steps_tour.hpp"
#include "common/data/files.hpp"
#include "common/data/story.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// A digit painted in two colours, and their name.
struct PaintedDigit {
  std::string name;
  Tensor<> picture;  // (3, size, size)
};

// A digit in black and white and in the mean colours of the darkest and the
// brightest class, each pair both ways round. ink (H, W)
inline std::vector<PaintedDigit> painted_digits(const ColourTour& tour,
                                                const Tensor<>& ink) {
  const Dataset& train = tour.split().train;
  const int size = train.shape()[2];
  const auto grey = [](const Paint& it) { return it[0] + it[1] + it[2]; };
  std::vector<Paint> colours;
  for (int k = 0; k < train.classes; ++k)
    colours.push_back(mean_colour_of(train, k));
  const auto [low, high] = std::minmax_element(
      colours.begin(), colours.end(),
      [&](const Paint& a, const Paint& b) { return grey(a) < grey(b); });
  const std::string dark =
      tour.pictures.name(static_cast<int>(low - colours.begin()));
  const std::string bright =
      tour.pictures.name(static_cast<int>(high - colours.begin()));
  const Paint black{0, 0, 0}, white{1, 1, 1};
  return {{"white on black", painted(ink, white, black, size)},
          {"black on white", painted(ink, black, white, size)},
          {bright + " on " + dark, painted(ink, *high, *low, size)},
          {dark + " on " + bright, painted(ink, *low, *high, size)}};
}

inline void one_digit_among_pictures(ColourTour& tour) {
  const Dataset digits = embedded_digits().held_out;
  const Tensor<> ink = picture_of(digits.images, story_digit);
  const Dataset& held_out = tour.split().held_out;
  const int size = held_out.shape()[2];
  if (size < ink.extent(0)) return;
  step("One digit's story");
  say(format(
      "Held-out digit number %d of the other chapters, counted from 0, is "
      "a %d. Here it is painted in black and white and in the mean colours "
      "of the brightest and the darkest class, in the middle of %d x %d "
      "pixels, and shown to this network, which learned from other "
      "pictures. The last column counts, of %s held-out pictures, those "
      "that the network is less sure of.",
      story_digit, digits.labels[static_cast<std::size_t>(story_digit)],
      size, size, grouped(held_out.size()).c_str()));
  print("\n");
  const Tensor<> shares =
      softmax(mean_over_views(*tour.network, held_out.images, 1));
  Rows rows = {{"colours", "answer", "probability", "less sure of"}};
  Sheet sheet("The network's answers to a digit in four paintings");
  for (const PaintedDigit& it : painted_digits(tour, ink)) {
    const Tensor<> p = softmax(tour.network->forward(
        it.picture.reshaped({1, 3, size, size}), Mode::evaluation));
    const int said = predictions(p)[0];
    const auto probability = static_cast<double>(p(0, said));
    rows.push_back({it.name, tour.pictures.name(said),
                    percent(probability, 1),
                    grouped(rows_less_sure(shares, p(0, said)))});
    sheet.add(rgb_tile(it.picture, std::max(1, 128 / size)),
              in_words(tour.pictures.name(said)) + "\n" +
                  percent(probability, 1));
  }
  print_table(rows);
  tour.program.figure("story.png", sheet.picture(),
                      "would you have called any of them that?");
}

}  // namespace cnn
