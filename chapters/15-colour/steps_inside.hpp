// Steps 7 and 8: what the filters look for, and where the network looks.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "08-seeing/occlusion.hpp"
#include "08-seeing/strongest.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/dreams.hpp"
#include "15-colour/steps_tour.hpp"

namespace cnn {

// The index of the layer with this name, such as "relu3". Throws
// std::invalid_argument if there is none.
inline std::size_t place_of_layer(Network<>& network,
                                  const std::string& name) {
  for (std::size_t i = 0; i < network.size(); ++i)
    if (network.name(i) == name) return i;
  fail(Refusal::argument, "place_of_layer: no layer " + name);
}

inline void filters_and_patches(ColourTour& tour) {
  step("What the filters look for");
  Network<>& plain = tour.network->plain();
  const auto parameters = plain.parameters();
  const Tensor<> patches =
      linear_part(parameters[0]->value, parameters[2]->value);
  say(format(
      "The first learned layer has %d filters. Each covers 3 x 3 places of "
      "the maps that the filters of step 3 and their negatives make, so it "
      "sees %d x %d pixels. The part of a filter that tells a patch from "
      "its negative can be drawn as a patch itself.",
      patches.extent(0), patches.extent(2), patches.extent(3)));
  tour.program.figure("filters.png", learned_picture(patches, 8),
                      "edges, spots and colours: which of them have a "
                      "partner of the opposite sign?");
  const std::size_t layer = place_of_layer(plain, "relu3");
  const auto answers =
      strongest_answers(*tour.network, tour.split().held_out, layer, 6);
  Sheet sheet("What excites eight filters of conv3 most");
  // A cell (y, x) of conv3 sees 9 x 9 pixels, from (2 y - 3, 2 x - 3) on.
  const int side = 9;
  for (std::size_t c = 0; c < std::min<std::size_t>(8, answers.size());
       ++c) {
    sheet.row("filter " + std::to_string(c + 1));
    for (const Answer& it : answers[c])
      sheet.add(patch_tile(tour.split().held_out, it.image, 2 * it.y - 3,
                           2 * it.x - 3, side, 8));
  }
  tour.program.figure("patches.png", sheet.picture(),
                      "what do the six patches of a row have in common?");
  const Tensor<> one = item(tour.split().held_out.images, 0);
  const std::vector<Tensor<>> outputs = tour.network->outputs(
      one.reshaped({1, 3, one.extent(1), one.extent(2)}));
  std::vector<NamedMaps> layers;
  for (const char* name : {"relu1", "relu3", "relu5", "relu7"})
    layers.push_back({name, outputs[place_of_layer(plain, name)]});
  tour.program.figure("maps.png", colour_maps(one, layers, 8),
                      "how far down the rows can you still recognise the "
                      "picture?");
}

// How much a grey square lowers the probability of class `said`: for each
// pixel, the mean over all squares of `side` pixels that cover it.
// image (C, H, W) -> (H, W)
inline Tensor<> taken_by_square(FastNetwork& network, const Tensor<>& image,
                                int said, int side) {
  const auto probability = [&](const Tensor<>& covered) {
    const Tensor<> shares =
        softmax(network.forward(covered, Mode::evaluation));
    std::vector<float> row;
    for (int n = 0; n < shares.extent(0); ++n)
      row.push_back(shares(n, said));
    return row;
  };
  Shape batch = image.shape();
  batch.insert(batch.begin(), 1);
  const float whole = probability(image.reshaped(batch)).front();
  Tensor<> taken =
      mean_of_squares(occlusion_map(image, side, 0.5f, probability), side);
  for (float& number : taken.data()) number = whole - number;
  return taken;
}

inline void where_it_looks(ColourTour& tour) {
  step("Where it looks, and what it dreams of");
  const Dataset& held_out = tour.split().held_out;
  const std::vector<int> said =
      predictions(mean_over_views(*tour.network, held_out.images, 1));
  std::vector<int> images;
  std::vector<Tensor<>> maps;
  Strings captions;
  const int side = held_out.images.extent(2);
  if (side > 64)
    say("Pushing a square over pictures of more than 64 x 64 pixels would "
        "take too long.");
  const int most = side > 64 ? 0 : 10;
  for (int k = 0;
       k < held_out.classes && static_cast<int>(images.size()) < most; ++k)
    for (int n = 0; n < held_out.size(); ++n)
      if (held_out.labels[static_cast<std::size_t>(n)] == k &&
          said[static_cast<std::size_t>(n)] == k) {
        images.push_back(n);
        maps.push_back(taken_by_square(*tour.network,
                                       item(held_out.images, n), k,
                                       std::max(2, 6 * side / 32)));
        captions.push_back(in_words(tour.pictures.name(k)));
        break;
      }
  if (!images.empty())
    tour.program.figure(
        "covered.png",
        beside_picture("What covering each place takes away", held_out,
                       images, maps, captions),
        "orange: a grey square there takes probability away; blue: it "
        "adds some");
  const int classes = held_out.classes, size = held_out.images.extent(2);
  Tensor<> start({classes, 3, size, size});
  Random random(tour.program.seed());
  for (float& level : start.data()) level = random.uniform(0.4f, 0.6f);
  DreamSettings settings;
  settings.steps = tour.program.quick() ? 3 : 64;
  settings.size = 0.02;
  settings.jitter = 2;
  settings.variation = 0.05;
  const Tensor<> dreams =
      dream(start, logit_of_own_class(*tour.network), settings);
  Sheet sheet("A picture for each class, climbed to from noise");
  for (int k = 0; k < classes; ++k) {
    if (k > 0 && k % 5 == 0) sheet.row();
    sheet.add(rgb_tile(item(dreams, k), 4),
              in_words(tour.pictures.name(k)));
  }
  tour.program.figure("dreams.png", sheet.picture(),
                      tour.pictures.upright
                          ? "what of each class is in them?"
                          : "is there any land in them?");
}

}  // namespace cnn
