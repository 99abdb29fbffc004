// Step 9: the same loops over other axes, and small batches.
// Book: book/13-normalization.md
#pragma once

#include <string>
#include <vector>

#include "13-normalization/other_axes.hpp"
#include "13-normalization/steps_tour.hpp"

namespace cnn {

// The maps of four digits after the first convolution of a fresh network.
inline Tensor<> four_digits_maps(const NormTour& tour) {
  const Dataset& data = tour.digits.held_out;
  std::vector<int> images;
  for (const int label : {3, 1, 0, 8})
    images.push_back(first_index_of(data.labels, label).value());
  StartedNetwork network(tour.run(before_each_relu(digit_network)));
  return network.plain().layer(0).forward(subset(data, images).images,
                                          Mode::evaluation);
}

inline void print_axes(const std::vector<NormalizedMaps>& all) {
  Rows rows = {{"", "cells", "one map", "one channel", "one image"}};
  const auto text = [](const Tensor<>& cells) {
    const Spread it =
        channel_spreads(cells.reshaped({1, 1, cells.size()}))[0];
    const float mean = std::abs(it.mean) < 0.0005f ? 0.0f : it.mean;
    return format("%.3f, %.3f", static_cast<double>(mean),
                  static_cast<double>(it.deviation));
  };
  for (const NormalizedMaps& it : all) {
    const Tensor<>& maps = it.maps;
    const int N = maps.extent(0), area = maps.extent(2) * maps.extent(3);
    Tensor<> of_channel({N, area});
    for (int n = 0; n < N; ++n)
      set_row(of_channel, n, channel(item(maps, n), 0).data());
    rows.push_back({it.name,
                    it.name == "before" ? "-"
                                        : format("%d x %d x %d", it.images,
                                                 it.channels, area),
                    text(channel(item(maps, 0), 0)), text(of_channel),
                    text(item(maps, 0))});
  }
  print_table(rows);
}

inline void other_axes(NormTour& tour) {
  step("The same loops over other axes");
  say("Four digits after the first convolution of a fresh network. The "
      "columns: how many cells share a mean, as images x channels x "
      "places, then mean and standard deviation of the first map, of the "
      "first channel in all images, and of the first image.");
  print("\n");
  const std::vector<NormalizedMaps> all =
      compute_other_axes(four_digits_maps(tour), 2);
  print_axes(all);
  tour.program.figure("axes.png", axes_figure(all),
                      "the maps inside one frame share a mean");
}

// ---- Small batches, in the long study ----------------------------------

inline void small_batches(NormTour& tour) {
  step("Small batches");
  const int seeds = tour.seeds(3);
  const Split digits = {first(tour.digits.train, 2000),
                        tour.digits.held_out, ""};
  std::vector<NormRun<>> runs = {
      tour.run(before_each_relu(digit_network)),
      tour.run(before_each_relu(digit_network, BatchNorm{})),
      tour.run(before_each_relu(digit_network, GroupNorm{4})),
      tour.run(before_each_relu(digit_network, LayerNorm{}))};
  const std::vector<std::string> names = {"plain", "batch norm",
                                          "group norm", "layer norm"};
  say(format("Chapter 06's network, one epoch of %d digits, at a rate of "
             "0.02 for a batch of 32 and in proportion. Held-out accuracy "
             "in percent. ",
             digits.train.size()) +
      seeds_sentence(tour, seeds) + ".");
  print("\n");
  const std::vector<double> sizes = {1, 2, 4, 8, 32};
  const std::function<void(NormRun<>&, double)> change = [](NormRun<>& run,
                                                            double size) {
    run.settings.batch = static_cast<int>(size);
    run.settings.learning_rate = 0.02 * size / 32;
  };
  Progress progress("small batches",
                    static_cast<int>(runs.size() * sizes.size()), "runs");
  int done = 0;
  std::vector<RateCurve> curves;
  for (std::size_t i = 0; i < runs.size(); ++i)
    curves.push_back(curve_over(names[i], runs[i], sizes, change, digits,
                                seeds, tour.go_on(),
                                [&] { progress.update(++done); }));
  if (tour.program.interrupted()) return;
  progress.clear();
  print_norm_curves("batch", curves);
}

}  // namespace cnn
