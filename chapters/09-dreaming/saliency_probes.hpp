// What saliency is worth: nudge a pixel or take ink away, and ask the
// network again.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "01-tensor/layout.hpp"
#include "02-convolution/pictures.hpp"
#include "06-training/batches.hpp"
#include "09-dreaming/answered_digits.hpp"
#include "09-dreaming/saliency.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// ---- One pixel at a time -----------------------------------------------

// One pixel: what its gradient predicts, and what a nudge really does.
struct Nudge {
  int row = 0, column = 0;
  double grey = 0, gradient = 0;
  double predicted = 0, measured = 0;  // change of the logit
};

struct Nudges {
  double logit = 0;  // of the class that is asked about
  std::vector<Nudge> pixels;
};

// Makes single pixels 0.01 brighter and runs the network again: those with
// the largest and the smallest gradient, and three more.
// image (1, 1, 28, 28)
inline Nudges compute_nudges(Layer<>& network, const Tensor<>& image,
                             int label) {
  const Heights<> heights = class_logits(network, image, {label});
  const auto slopes = heights.gradient.data();
  const int W = image.extent(3);
  const auto place = [&](auto found) {
    return static_cast<int>(found - slopes.begin());
  };
  Nudges all{static_cast<double>(heights.values[0]), {}};
  for (const int pixel :
       {place(std::max_element(slopes.begin(), slopes.end())),
        place(std::min_element(slopes.begin(), slopes.end())), 14 * W + 14,
        10 * W + 10, 0}) {
    const auto at = static_cast<std::size_t>(pixel);
    Tensor<> nudged = image;
    nudged.data()[at] += 0.01f;
    const float after = class_logits(network, nudged, {label}).values[0];
    const auto slope = static_cast<double>(slopes[at]);
    all.pixels.push_back(
        {pixel / W, pixel % W, static_cast<double>(image.data()[at]), slope,
         0.01 * slope, static_cast<double>(after - heights.values[0])});
  }
  return all;
}

// ---- Ink taken away ----------------------------------------------------

// The shares of digits that are still read right after `pixels` inked
// pixels of each have been made black, chosen in four ways.
struct InkTaken {
  std::size_t pixels = 0;
  double by_gradient = 0;                   // by the network's own gradient
  double by_witness = 0, by_untrained = 0;  // by other networks' gradients
  double at_random = 0;
};

// The gradient of the true class's logit. -> (N, C, H, W)
inline Tensor<> true_slopes(Layer<>& network, const Dataset& digits) {
  return in_batches(digits.images, [&](int begin, const Tensor<>& some) {
    return class_logits(network, some,
                        part_of(digits.labels, begin, some.extent(0)))
        .gradient;
  });
}

// Takes ink away where the gradient of the true class's logit is largest,
// where those of two other networks are, and at random, and asks `network`
// each time. digits: one or more
inline std::vector<InkTaken> compute_ink_taken(Layer<>& network,
                                               Layer<>& witness,
                                               Layer<>& untrained,
                                               const Dataset& digits,
                                               std::uint64_t seed) {
  const Tensor<> by_own = true_slopes(network, digits);
  const Tensor<> by_witness = true_slopes(witness, digits);
  const Tensor<> by_untrained = true_slopes(untrained, digits);
  Random random(seed);
  Tensor<> at_random(by_own.shape());
  for (float& number : at_random.data()) number = random.uniform();
  const auto share_after = [&](const Tensor<>& rank, std::size_t pixels) {
    Dataset left = digits;
    for (int n = 0; n < digits.size(); ++n)
      set_row(left.images, n,
              erased(item(digits.images, n), item(rank, n), pixels).data());
    return accuracy(network, left);
  };
  std::vector<InkTaken> all;
  for (const std::size_t pixels : {5u, 10u, 20u, 40u})
    all.push_back({pixels, share_after(by_own, pixels),
                   share_after(by_witness, pixels),
                   share_after(by_untrained, pixels),
                   share_after(at_random, pixels)});
  return all;
}

// ---- Maps to look at ---------------------------------------------------

// A digit, and the gradients of two logits: `said` and `other`.
struct SaliencyCase {
  Tensor<> digit;  // (28, 28)
  int truth = 0;
  int said = 0, other = 0;
  float probability_said = 0;
  Tensor<> said_gradient, other_gradient;  // (28, 28)
};

// The gradients of two logits of digit n: the one that won, and the one
// that came second or, if the digit is misread, that of the true class.
inline SaliencyCase compute_saliency(Layer<>& network,
                                     const AnsweredDigits& all, int n) {
  const int said = all.says(n), truth = all.truth(n);
  const int other = all.right(n) ? runner_up(all.logits, n, said) : truth;
  const auto slopes = [&](int k) {
    return picture_of(class_logits(network, all.digit(n), {k}).gradient, 0);
  };
  return {
      picture_of(all.digits.images, n), truth,        said,         other,
      all.probabilities(n, said),       slopes(said), slopes(other)};
}

}  // namespace cnn
