// What a network says about digits that stand elsewhere in their frame than
// those that it learned from.
// Book: book/17-handwriting.md
#pragma once

#include <functional>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "05-softmax/softmax.hpp"
#include "06-training/training.hpp"
#include "17-handwriting/placing.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// What becomes of each picture of a set; the labels stay.
// change: (H, W) -> (H, W)
template <class Change>
Dataset each_changed(Dataset digits, const Change& change) {
  for (int n = 0; n < digits.size(); ++n)
    set_row(digits.images, n, change(picture_of(digits.images, n)).data());
  return digits;
}

// How many are read right after all of them have moved.
struct MovedDigits {
  double moved = 0;     // share read right where they stand now
  double put_back = 0;  // and once each is recentred
  // The mean probability of the wrong answers, where they stand now; 0
  // where there are none.
  double sure_when_wrong = 0;
};

// The mean probability of the right answers, or of the wrong ones; 0 where
// there are none.
// logits (N, classes)
inline double probability_of_answers(const Tensor<>& logits,
                                     const std::vector<int>& labels,
                                     bool right) {
  const Tensor<> probabilities = softmax(logits);
  const std::vector<int> answers = predictions(logits);
  double sum = 0;
  int count = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    if ((answers[n] == labels[n]) != right) continue;
    ++count;
    sum +=
        static_cast<double>(probabilities(static_cast<int>(n), answers[n]));
  }
  return count > 0 ? sum / count : 0;
}

inline double probability_when_right(const Tensor<>& logits,
                                     const std::vector<int>& labels) {
  return probability_of_answers(logits, labels, true);
}

inline double probability_when_wrong(const Tensor<>& logits,
                                     const std::vector<int>& labels) {
  return probability_of_answers(logits, labels, false);
}

inline MovedDigits compute_moved(Layer<>& network, const Dataset& digits,
                                 int down, int right) {
  Dataset there = digits;
  there.images = shifted(digits.images, down, right);
  const Tensor<> logits = evaluate(network, there);
  return {accuracy(logits, there.labels),
          accuracy(network, each_changed(there, recentred)),
          probability_when_wrong(logits, there.labels)};
}

// The same for all moves by up to `most` pixels along both axes: cell
// (down + most, right + most).
struct MoveMaps {
  int most = 0;
  Tensor<> moved, put_back;  // (2 most + 1, 2 most + 1)
};

inline MoveMaps compute_move_maps(
    Layer<>& network, const Dataset& digits, int most,
    const std::function<void(int)>& after_row = {}) {
  const int side = 2 * most + 1;
  MoveMaps maps{most, Tensor<>({side, side}), Tensor<>({side, side})};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const MovedDigits now =
          compute_moved(network, digits, y - most, x - most);
      maps.moved(y, x) = static_cast<float>(now.moved);
      maps.put_back(y, x) = static_cast<float>(now.put_back);
    }
    if (after_row) after_row(y + 1);
  }
  return maps;
}

// One digit on its way along the diagonal, and what the network thinks of
// it at each place.
struct WalkStep {
  int pixels = 0;                // down and to the right
  Tensor<> moved, put_back;      // (28, 28)
  Tensor<> p_moved, p_put_back;  // (1, classes), probabilities
};

// digit (28, 28); from -most to most
inline std::vector<WalkStep> compute_walk(Layer<>& network,
                                          const Tensor<>& digit, int most) {
  const auto probabilities = [&](const Tensor<>& picture) {
    return softmax(network.forward(as_batch(picture), Mode::evaluation));
  };
  std::vector<WalkStep> walk;
  for (int pixels = -most; pixels <= most; ++pixels) {
    const Tensor<> there = moved(digit, pixels, pixels);
    const Tensor<> back = recentred(there);
    walk.push_back(
        {pixels, there, back, probabilities(there), probabilities(back)});
  }
  return walk;
}

}  // namespace cnn
