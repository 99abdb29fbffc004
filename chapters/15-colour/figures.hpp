// Draws chapter 15's figures.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "06-training/figures.hpp"
#include "06-training/planes.hpp"
#include "06-training/scoring.hpp"
#include "06-training/training_record.hpp"
#include "08-seeing/strongest.hpp"
#include "15-colour/learned_colours.hpp"
#include "15-colour/whitening.hpp"
#include "common/data/dataset.hpp"
#include "common/draw/image.hpp"
#include "common/draw/plot.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

// Up to `each` pictures of each class, one row per class.
inline Picture examples_picture(const Dataset& data,
                                const ClassNames& names, int each) {
  Sheet sheet("Five pictures of each class");
  for (int k = 0; k < data.classes; ++k) {
    sheet.row(in_words(name_of_class(names, k)));
    int shown = 0;
    for (int n = 0; n < data.size() && shown < each; ++n)
      if (data.labels[static_cast<std::size_t>(n)] == k) {
        sheet.add(picture_tile(data.images, n, 2));
        ++shown;
      }
  }
  return sheet.picture();
}

// The filters as colour patches, and the patches' variance along each.
inline Picture whitening_picture(const Whitening& it, int columns) {
  Sheet sheet("The whitening filters, and the variance along each");
  for (int k = 0; k < it.filters.extent(0); ++k) {
    if (k > 0 && k % columns == 0) sheet.row();
    sheet.add(rgb_tile(filter_as_picture(item(it.filters, k)),
                       96 / it.filters.extent(2)),
              format("%.6f", it.variances[static_cast<std::size_t>(k)]));
  }
  return sheet.picture();
}

// The linear part of each learned filter.
inline Picture learned_picture(const Tensor<>& patches, int columns) {
  Sheet sheet("The linear part of the first learned filters");
  for (int co = 0; co < patches.extent(0); ++co) {
    if (co > 0 && co % columns == 0) sheet.row();
    sheet.add(rgb_tile(filter_as_picture(item(patches, co)),
                       80 / patches.extent(2)),
              std::to_string(co + 1));
  }
  return sheet.picture();
}

// The mean training accuracy in each epoch and the held-out accuracy after
// it. A dotted line shows `linear`, the share that a linear model gets.
inline std::string colour_curves(const std::vector<EpochRecord>& epochs,
                                 double linear) {
  LinePlot plot;
  plot.title = "Accuracy while training";
  plot.x_label = "epoch";
  plot.y_label = "accuracy (%)";
  plot.y_max = 100;
  Series training{"training", {}, {}}, held_out{"held out", {}, {}};
  for (const EpochRecord& it : epochs) {
    training.x.push_back(it.epoch);
    training.y.push_back(100 * it.accuracy);
    held_out.x.push_back(it.epoch);
    held_out.y.push_back(100 * it.held_out_accuracy);
  }
  plot.series = {training, held_out};
  plot.reference = std::pair{100 * linear, std::string("linear model")};
  return plot.svg();
}

struct NamedMaps {
  std::string name;
  Tensor<> maps;  // (1, C, H, W)
};
// One picture, and for each layer a row with at most `most` of its maps.
inline Picture colour_maps(const Tensor<>& image,
                           const std::vector<NamedMaps>& layers, int most) {
  Sheet sheet("One picture on its way through the network");
  sheet.row("the picture").add(rgb_tile(image, 3));
  for (const NamedMaps& it : layers) {
    const float range = largest_magnitude(it.maps);
    const int side = it.maps.extent(2);
    sheet.row(it.name + "\n" + format("%d x %d", side, side));
    for (int c = 0; c < std::min(most, it.maps.extent(1)); ++c)
      sheet.add(diverging_tile(feature_map(it.maps, c),
                               std::max(1, 84 / side), range));
  }
  sheet.footer(colour_scale(
      "0", "", "the row's largest number", 480,
      [](float value) { return diverging_colour((value + 1) / 2, 1.0f); }));
  return sheet.picture();
}

// The square of `side` pixels a side from (top, left) on, which a filter
// sees at one cell of its map. What lies outside the picture is grey.
inline Picture patch_tile(const Dataset& data, int image, int top, int left,
                          int side, int scale) {
  Tensor<> patch({3, side, side}, 0.5f);
  const int H = data.images.extent(2), W = data.images.extent(3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        if (top + y >= 0 && top + y < H && left + x >= 0 && left + x < W)
          patch(c, y, x) = data.images(image, c, top + y, left + x);
  return rgb_tile(patch, scale);
}

// Each picture, and beside it its map (H, W), in colours that are scaled by
// the map's largest magnitude.
inline Picture beside_picture(const std::string& title, const Dataset& data,
                              const std::vector<int>& images,
                              const std::vector<Tensor<>>& maps,
                              const Strings& captions) {
  Sheet sheet(title);
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (i > 0 && i % 2 == 0) sheet.row();
    sheet.add(picture_tile(data.images, images[i], 4), captions[i]);
    sheet.add(diverging_tile(maps[i], 4, largest_magnitude(maps[i])));
  }
  return sheet.picture();
}

}  // namespace cnn
