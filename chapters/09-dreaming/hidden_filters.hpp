// What a hidden filter would like to see: a climb for one cell of each of a
// layer's maps, or for the mean of a whole map.
// Book: book/09-dreaming.md
#pragma once

#include <vector>

#include "01-tensor/layout.hpp"
#include "02-convolution/pictures.hpp"
#include "03-pooling/pooling.hpp"
#include "08-seeing/receptive_field.hpp"
#include "08-seeing/strongest.hpp"
#include "09-dreaming/dreams.hpp"

namespace cnn {

// For each channel of a layer, the window that one cell sees, and the
// cell's activation.
struct Windows {
  std::vector<Tensor<>> patches;  // (size, size)
  std::vector<float> values;
};

struct HiddenFilters {
  Windows plain, all_four;  // the results of climbs from noise
  Windows digits;           // the best among real digits
};

// Climbs for the cell in the middle of each map of layer `layer`, once
// without regularizers (`plain`) and once with those of the settings
// (`all_four`). For `digits`, finds the strongest cell of each map in the
// given digits, one or more.
// Throws std::invalid_argument if there is no such layer or it has no maps.
inline HiddenFilters compute_hidden_filters(
    FastNetwork& network, const Architecture& architecture,
    const Dataset& digits, std::size_t layer,
    const DreamSettings& settings) {
  const std::vector<Tensor<>> outputs =
      network.outputs(first(digits, 1).images);
  const Tensor<>& maps =
      output_of(outputs, layer, "compute_hidden_filters");
  require_rank(maps.shape(), 4, "compute_hidden_filters", "maps");
  const std::vector<int> channels = count_up(maps.extent(1));
  const Objective<> objective = [&](const Tensor<>& images) {
    return hidden_cells(network, images, layer, channels);
  };
  const ReceptiveField field = receptive_fields(architecture)[layer];
  const int middle = maps.extent(2) / 2;
  const auto windows = [&](const Tensor<>& climbed) {
    Windows all{{}, objective(climbed).values};
    for (const int c : channels)
      all.patches.push_back(
          seen_patch(picture_of(climbed, c), field, middle, middle));
    return all;
  };
  const Tensor<> start = noise(maps.extent(1), settings.seed);
  HiddenFilters all;
  all.plain = windows(climb<float>(start, objective, settings.steps));
  all.all_four = windows(dream<float>(start, objective, settings));
  for (const std::vector<Answer>& best :
       strongest_answers(network, digits, layer, 1)) {
    all.digits.patches.push_back(
        seen_patch(picture_of(digits.images, best[0].image), field,
                   best[0].y, best[0].x));
    all.digits.values.push_back(best[0].activation);
  }
  return all;
}

// The number of pixels that are white where the weight is positive, or
// black where it is not. weights, windows: of the same shapes
inline int same_signs(const std::vector<Tensor<>>& weights,
                      const std::vector<Tensor<>>& windows) {
  int same = 0;
  for (std::size_t c = 0; c < weights.size(); ++c)
    for (std::size_t i = 0; i < weights[c].data().size(); ++i)
      same +=
          windows[c].data()[i] == (weights[c].data()[i] > 0 ? 1.0f : 0.0f);
  return same;
}

// For some channels of a layer, the result of a climb for the mean of the
// whole map, and the digit with the highest mean.
struct ChannelDreams {
  std::vector<Tensor<>> dreams, digits;     // (28, 28)
  std::vector<float> of_dreams, of_digits;  // the means
};

// The mean of each map. maps (N, C, H, H) -> (N, C)
inline Tensor<> means_of_maps(const Tensor<>& maps) {
  const int H = maps.extent(2);
  return average_pool(maps, {H, H})
      .reshaped({maps.extent(0), maps.extent(1)});
}

// Climbs for the first `count` channels of layer `layer`, with the
// regularizers of the settings. digits: one or more
inline ChannelDreams compute_channel_dreams(FastNetwork& network,
                                            const Dataset& digits,
                                            std::size_t layer, int count,
                                            const DreamSettings& settings) {
  const Objective<> objective = [&](const Tensor<>& images) {
    return hidden_means(network, images, layer, count_up(count));
  };
  const Tensor<> climbed =
      dream<float>(noise(count, settings.seed), objective, settings);
  ChannelDreams all;
  all.of_dreams = objective(climbed).values;
  std::vector<int> best(static_cast<std::size_t>(count));
  for_outputs(network, digits, [&](int first, const auto& outputs) {
    const Tensor<> means = means_of_maps(outputs.at(layer));
    if (first == 0)
      for (int c = 0; c < count; ++c) all.of_digits.push_back(means(0, c));
    for (int n = 0; n < means.extent(0); ++n)
      for (int c = 0; c < count; ++c) {
        const auto at = static_cast<std::size_t>(c);
        if (means(n, c) <= all.of_digits[at]) continue;
        all.of_digits[at] = means(n, c);
        best[at] = first + n;
      }
  });
  for (int c = 0; c < count; ++c) {
    all.dreams.push_back(picture_of(climbed, c));
    all.digits.push_back(
        picture_of(digits.images, best[static_cast<std::size_t>(c)]));
  }
  return all;
}

// Whether every cell answers more strongly to its window in `one` than to
// that in `other`.
inline bool all_larger(const Windows& one, const Windows& other) {
  bool larger = true;
  for (std::size_t c = 0; c < one.values.size(); ++c)
    larger &= one.values[c] > other.values[c];
  return larger;
}

}  // namespace cnn
