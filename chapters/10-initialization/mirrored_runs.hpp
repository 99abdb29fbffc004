// Fifty layers that begin by doing nothing: what goes in comes out, and
// then they learn.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "03-pooling/pooling.hpp"
#include "10-initialization/meaning.hpp"
#include "10-initialization/mirrored.hpp"
#include "10-initialization/wedge.hpp"

namespace cnn {

// Digits of 10 x 10: the mean of every 2 x 2 of the middle 20 x 20 pixels,
// which hold 96 % of the inked ones.
// images (N, 1, 28, 28) -> (N, 1, 10, 10)
inline Dataset small_digits(const Dataset& digits) {
  const int N = digits.size(), edge = 4;
  require_shape(digits.images.shape(), {N, 1, 28, 28}, "small_digits",
                "images");
  Tensor<> middle({N, 1, 20, 20});
  for (int n = 0; n < N; ++n)
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 20; ++x)
        middle(n, 0, y, x) = digits.images(n, 0, y + edge, x + edge);
  Dataset small = digits;
  small.images = average_pool(middle, Pooling{2, 2, 0});
  return small;
}

inline Split small_digits(const Split& digits) {
  return {small_digits(digits.train), small_digits(digits.held_out),
          digits.source};
}

enum class DeepStart { he, identity, orthogonal };

inline std::string deep_start_name(DeepStart start) {
  return start == DeepStart::he         ? "He"
         : start == DeepStart::identity ? "mirrored identity"
                                        : "mirrored orthogonal";
}

// `depth` layers of 200 cells for small digits, with one of the starts.
inline Network<> small_network(DeepStart start, int depth,
                               std::uint64_t seed) {
  Network<> network = build_network(deep_network(depth, 200), {1, 10, 10});
  Random random(seed);
  if (start == DeepStart::he)
    begin_with({"He", gain_start(2)}, network, {}, random);
  else
    mirrored_start(
        network,
        [&] {
          return start == DeepStart::identity
                     ? identity_matrix(100)
                     : random_orthogonal(100, random);
        },
        random);
  return network;
}

// The z of (10.4) from a layer's output: each of the first 100 cells minus
// its twin. signal (N, 200) -> (N, 100)
inline Tensor<> without_twins(const Tensor<>& signal) {
  const int half = signal.extent(1) / 2;
  Tensor<> z({signal.extent(0), half});
  for (int n = 0; n < z.extent(0); ++n)
    for (int i = 0; i < half; ++i)
      z(n, i) = signal(n, i) - signal(n, half + i);
  return z;
}

// How well an untrained network passes on some digits.
struct PassedOn {
  int numbers = 0;  // the digits' pixels
  // How many of them leave the last layer with any bit changed; only for a
  // mirrored start, whose cells stand for the pixels.
  std::optional<int> changed;
  // The mean cosine of all pairs of different digits: of their pixels, and
  // of what leaves the last layer.
  double cosine_before = 0, cosine_after = 0;
};
inline PassedOn compute_passed_on(const Dataset& small, int depth,
                                  DeepStart start, std::uint64_t seed) {
  Network<> network = small_network(start, depth, seed);
  FastNetwork fast(deep_network(depth, 200), {1, 10, 10});
  copy_parameters(network, fast);
  const std::vector<Tensor<>> outputs = fast.outputs(small.images);
  Tensor<> after = outputs.at(2 * static_cast<std::size_t>(depth));
  if (start != DeepStart::he) after = without_twins(after);
  const std::vector<DigitPair> pairs = digit_pairs(small);
  PassedOn passed;
  passed.numbers = small.images.size();
  passed.cosine_before =
      mean_cosines(pairs, small.images).different.measured;
  passed.cosine_after = mean_cosines(pairs, after).different.measured;
  if (start == DeepStart::he) return passed;
  passed.changed = 0;
  for (std::size_t i = 0; i < after.data().size(); ++i)
    if (after.data()[i] != small.images.data()[i]) ++*passed.changed;
  return passed;
}

// What one digit has become after some layers (0: its pixels): z for a
// mirrored start, and the first half of the cells for He's.
// small (1, 1, 10, 10) -> (10, 10) for each layer
// Throws std::invalid_argument if no layers are asked for.
inline std::vector<Tensor<>> compute_passing(const Tensor<>& small,
                                             const std::vector<int>& layers,
                                             DeepStart start,
                                             std::uint64_t seed) {
  if (layers.empty())
    fail(Refusal::argument,
         "compute_passing: expected one layer or more, got none");
  const int depth = *std::max_element(layers.begin(), layers.end());
  Network<> network = small_network(start, depth, seed);
  const std::vector<Tensor<>> outputs = all_outputs(network, small);
  std::vector<Tensor<>> tiles;
  for (const int layer : layers) {
    const Tensor<>& signal =
        outputs.at(2 * static_cast<std::size_t>(layer));
    Tensor<> z = layer == 0 || start == DeepStart::he
                     ? signal
                     : without_twins(signal);
    Tensor<> tile({10, 10});
    for (int i = 0; i < 100; ++i) tile(i / 10, i % 10) = z(0, i);
    tiles.push_back(std::move(tile));
  }
  return tiles;
}

// The largest |w1 + w2| over the weights of all twins, which begin as w and
// -w in a mirrored start. The scores have no twins. 0 if there are no other
// layers.
inline double twins_apart(Layer<>& network) {
  const std::vector<Parameter<>*> weights = weights_of(network);
  float most = 0;
  for (std::size_t l = 0; l + 1 < weights.size(); ++l) {
    const Tensor<>& weight = weights[l]->value;
    const int half = weight.extent(0) / 2;
    for (int o = 0; o < half; ++o)
      for (int i = 0; i < weight.extent(1); ++i)
        most = std::max(most, std::abs(weight(o, i) + weight(half + o, i)));
  }
  return static_cast<double>(most);
}

// One training run. apart: twins_apart() after it
struct SmallRun {
  StartRun run;
  double apart = 0;
};

inline SmallRun compute_small_run(DeepStart start, int depth,
                                  const Split& small,
                                  const TrainingSettings& settings,
                                  const AfterStep& after_step = {}) {
  Network<> plain = small_network(start, depth, settings.seed);
  FastNetwork network(deep_network(depth, 200), {1, 10, 10});
  copy_parameters(plain, network);
  SmallRun small_run{run_from(network, small, settings, after_step), 0};
  small_run.apart = twins_apart(network);
  return small_run;
}

}  // namespace cnn
