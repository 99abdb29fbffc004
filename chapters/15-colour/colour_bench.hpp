// How fast a network of this chapter learns, beside what the cores could
// do at most.
// Book: book/15-colour.md
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "07-speed/bench.hpp"
#include "15-colour/colour_recipe.hpp"

namespace cnn {

// A rate of learning; the peak is that of all cores that took part, by
// multiply-adds that wait for nothing. Both count operations per second.
struct ColourBenchmark {
  Benchmark learning;
  double operations = 0, peak = 0;
};

// Batch after batch of random pictures with plain momentum, and the peak in
// turns with it, because the speed of a computer drifts. Three rounds; the
// medians.
inline ColourBenchmark compute_colour_benchmark(const ColourRecipe& recipe,
                                                const FastOptions& options,
                                                double seconds) {
  const Shape image = {3, 32, 32};
  FastNetwork network(colour_network(recipe.widths), image, options);
  const Dataset data = random_images(recipe.batch, image);
  start_colours(network, data, recipe.start);
  const std::vector<int> images = count_up(recipe.batch);
  const auto parameters = trained_parameters(network);
  Sgd sgd(0.9);
  Tensor<> logits;
  const auto step = [&] {
    network.gradients({data, images}, logits);
    sgd.step(parameters, 1e-4);
  };
  step();
  ColourBenchmark result;
  result.learning.threads = network.threads();
  result.learning.batch = recipe.batch;
  result.learning.isa = network.kernels().name;
  const double begin = seconds_now();
  std::vector<double> times, peaks;
  for (int round = 0; round < 3; ++round) {
    peaks.push_back(
        peak_of_core(network.kernels(), std::min(0.2, seconds / 3)));
    times.push_back(seconds_per_call(step, seconds / 3));
  }
  result.learning.images_per_second = recipe.batch / median(times);
  result.learning.seconds = seconds_now() - begin;
  result.operations = result.learning.images_per_second *
                      work_of(recipe, 1) / recipe.epochs;
  result.peak = median(peaks) * network.threads();
  return result;
}

}  // namespace cnn
