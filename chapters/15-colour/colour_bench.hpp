// How fast a network of this chapter learns, compared with the most that
// the cores could do.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <vector>

#include "07-speed/bench.hpp"
#include "07-speed/workers.hpp"
#include "15-colour/colour_recipe.hpp"

namespace cnn {

// How fast a network learned, in pictures and in operations per second. The
// peak, also in operations per second, is that of the cores that took part:
// independent multiply-adds and nothing else.
struct ColourBenchmark {
  Benchmark learning;
  double operations = 0, peak = 0;
};

// Trains on random pictures with plain momentum, and measures the peak
// alternately with that, because the speed of a computer drifts.
inline ColourBenchmark compute_colour_benchmark(const ColourRecipe& recipe,
                                                const FastOptions& options,
                                                double seconds) {
  const Shape image = {3, 32, 32};
  FastNetwork network(colour_network(recipe.widths), image, options);
  const Dataset data = random_images(recipe.batch, image);
  start_colours(network, data, recipe.start);
  const Kernels& kernels = network.kernels();
  std::vector<double> peaks;
  const double begin = seconds_now();
  const double rate = training_rate(network, data, seconds, [&] {
    peaks.push_back(peak_of_core(kernels, std::min(0.2, seconds / 3)));
  });
  const int cores = std::min(network.threads(), Workers(0).count());
  return {{rate, network.threads(), recipe.batch, kernels.name,
           seconds_now() - begin},
          rate * work_of(recipe, 1) / recipe.epochs,
          median(peaks) * cores};
}

}  // namespace cnn
