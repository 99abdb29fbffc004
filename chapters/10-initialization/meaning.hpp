// How alike a layer makes two signals, whatever it does to their sizes.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "07-speed/fast_training.hpp"
#include "08-seeing/recorder.hpp"
#include "10-initialization/deep_network.hpp"
#include "10-initialization/signal.hpp"
#include "10-initialization/starts.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The cosine of two signals after a wide layer of random weights and ReLU,
// given their cosine rho before it. Cho and Saul 2009 ("Kernel methods for
// deep learning", the arc-cosine kernel of order 1): with theta = acos rho,
//   rho' = (sin theta + (pi - theta) cos theta) / pi               (10.3)
// Throws std::invalid_argument unless rho is from -1 to 1.
inline double cosine_after_relu(double rho) {
  if (!(rho >= -1 && rho <= 1))
    fail(Refusal::argument,
         "cosine_after_relu: expected a cosine from -1 to 1, got " +
             std::to_string(rho));
  const double theta = same_everywhere(std::acos(rho));
  return (std::sqrt(1 - rho * rho) + (std::numbers::pi - theta) * rho) /
         std::numbers::pi;
}

// The cosines after 0, 1, ... `depth` such layers.
inline std::vector<double> cosines_by_formula(double rho, int depth) {
  std::vector<double> cosines = {rho};
  for (int layer = 0; layer < depth; ++layer)
    cosines.push_back(cosine_after_relu(std::min(1.0, cosines.back())));
  return cosines;
}

// The mean cosine of two digits' signals after a layer, over a number of
// pairs: measured, and computed by (10.3) from each pair's pixels. Both are
// 0 if there are no pairs.
struct PairCosines {
  double measured = 0, formula = 0;
  int pairs = 0;
};
struct LayerCosines {
  PairCosines different, same;  // of different digits, of the same digit
  double size = 0;              // root mean square of the signals
};

// Two images of a data set. digit_pairs() lists all pairs, with the cosines
// of their pixels.
struct DigitPair {
  int a = 0, b = 0;   // the numbers of the images
  bool same = false;  // whether they show the same digit
  double cosine = 0;  // by (10.3), after the layer that is looked at
};
inline std::vector<DigitPair> digit_pairs(const Dataset& digits) {
  std::vector<DigitPair> pairs;
  const auto& labels = digits.labels;
  for (int a = 0; a < digits.size(); ++a)
    for (int b = a + 1; b < digits.size(); ++b)
      pairs.push_back(
          {a, b,
           labels[static_cast<std::size_t>(a)] ==
               labels[static_cast<std::size_t>(b)],
           similarity(row_of(digits.images, a), row_of(digits.images, b))});
  return pairs;
}

// signals (N, ...): the output of the layer that the pairs' cosines are for
inline LayerCosines mean_cosines(const std::vector<DigitPair>& pairs,
                                 const Tensor<>& signals) {
  LayerCosines all;
  for (const DigitPair& it : pairs) {
    PairCosines& to = it.same ? all.same : all.different;
    ++to.pairs;
    to.measured += similarity(row_of(signals, it.a), row_of(signals, it.b));
    to.formula += it.cosine;
  }
  for (PairCosines* it : {&all.different, &all.same}) {
    it->measured /= std::max(1, it->pairs);
    it->formula /= std::max(1, it->pairs);
  }
  all.size = root_mean_square(signals);
  return all;
}

// One entry for each of the layers 0 (the pixels), 1, ... `depth` of a
// network with He's start.
inline std::vector<LayerCosines> compute_meaning(const Dataset& digits,
                                                 int depth, int width,
                                                 std::uint64_t seed) {
  const Architecture layers = deep_network(depth, width);
  FastNetwork network(layers, {1, 28, 28});
  Random random(seed);
  initialize(network, gain_start(2), random);
  const std::vector<Tensor<>> outputs = network.outputs(digits.images);
  std::vector<DigitPair> pairs = digit_pairs(digits);
  std::vector<LayerCosines> all;
  for (int layer = 0; layer <= depth; ++layer) {
    if (layer > 0)
      for (DigitPair& it : pairs)
        it.cosine = cosine_after_relu(std::clamp(it.cosine, -1.0, 1.0));
    // Output 0 is Flatten's; each layer is a dense one and a ReLU.
    all.push_back(mean_cosines(
        pairs, outputs.at(2 * static_cast<std::size_t>(layer))));
  }
  return all;
}

}  // namespace cnn
