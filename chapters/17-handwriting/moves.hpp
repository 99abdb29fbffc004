// What a network says about digits that stand elsewhere in their frame than
// those from which it learned.
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

// Replaces each picture of a set by change(picture) and keeps the labels.
// change: (H, W) -> (H, W)
template <class Change>
Dataset each_changed(Dataset digits, const Change& change) {
  for (int n = 0; n < digits.size(); ++n)
    set_row(digits.images, n, change(picture_of(digits.images, n)).data());
  return digits;
}

// How well digits are read after all of them have moved.
struct MovedDigits {
  double moved = 0;     // share read right where they stand now
  double put_back = 0;  // share read right after each is recentred
  // The mean probability of the wrong answers where they stand now; 0 if
  // there are none.
  double sure_when_wrong = 0;
};

// The mean probability of the right answers, or of the wrong ones; 0 if
// there are none. logits (N, classes)
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

// The same digits, each moved by whole pixels.
inline Dataset shifted_digits(Dataset digits, int down, int right) {
  digits.images = shifted(digits.images, down, right);
  return digits;
}

inline MovedDigits compute_moved(Layer<>& network, const Dataset& digits,
                                 int down, int right) {
  const Dataset moved_digits = shifted_digits(digits, down, right);
  const Tensor<> logits = evaluate(network, moved_digits);
  return {accuracy(logits, moved_digits.labels),
          accuracy(network, each_changed(moved_digits, recentred)),
          probability_when_wrong(logits, moved_digits.labels)};
}

// The shares of MovedDigits for all moves by up to `most` pixels along both
// axes. A move has the cell (down + most, right + most).
struct MoveMaps {
  int most = 0;
  Tensor<> moved, put_back;  // (2 most + 1, 2 most + 1)
};

// Calls after_row(rows done) after each row of the maps.
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

// One digit at one place on the diagonal, and what the network says of it
// there and after it is recentred.
struct WalkStep {
  int pixels = 0;                // down and to the right
  Tensor<> moved, put_back;      // (28, 28)
  Tensor<> p_moved, p_put_back;  // (1, classes), probabilities
};

// One step for each number of pixels, -most to most. digit (28, 28)
inline std::vector<WalkStep> compute_walk(Layer<>& network,
                                          const Tensor<>& digit, int most) {
  const auto probabilities = [&](const Tensor<>& picture) {
    return softmax(network.forward(as_batch(picture), Mode::evaluation));
  };
  std::vector<WalkStep> walk;
  for (int pixels = -most; pixels <= most; ++pixels) {
    const Tensor<> away = moved(digit, pixels, pixels);
    const Tensor<> put_back = recentred(away);
    walk.push_back({pixels, away, put_back, probabilities(away),
                    probabilities(put_back)});
  }
  return walk;
}

}  // namespace cnn
