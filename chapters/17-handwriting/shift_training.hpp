// Networks that learn from shifted digits, and what this costs them where
// digits are not shifted.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "09-dreaming/networks.hpp"
#include "17-handwriting/moves.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Writes `from` to `to`, moved by whole pixels. What leaves is lost, and
// the gap is 0. picture: the shape (C, H, W) of both
inline void shift_into(std::span<const float> from, std::span<float> to,
                       const Shape& picture, int down, int right) {
  const int C = picture.at(0), H = picture.at(1), W = picture.at(2);
  const auto at = [&](int c, int y, int x) {
    return static_cast<std::size_t>((c * H + y) * W + x);
  };
  std::fill(to.begin(), to.end(), 0.0f);
  for (int c = 0; c < C; ++c)
    for (int y = std::max(0, down); y < std::min(H, H + down); ++y)
      for (int x = std::max(0, right); x < std::min(W, W + right); ++x)
        to[at(c, y, x)] = from[at(c, y - down, x - right)];
}

// Moves every picture anew in every step, by up to `most` pixels along each
// axis. Moves by whole pixels blur nothing.
inline HandOut whole_shifts(int most, std::uint64_t seed) {
  return [most, seed](const Dataset& data, int image, int step,
                      std::span<float> room) -> std::span<const float> {
    Random random = random_of_image(seed, step, image);
    const int down = random.below(2 * most + 1) - most,
              right = random.below(2 * most + 1) - most;
    std::vector<float> levels(data.keeps_bytes() ? room.size() : 0);
    const Shape& all = data.images.shape();
    shift_into(pixels_of(data, image, levels), room,
               {all.at(1), all.at(2), all.at(3)}, down, right);
    return room;
  };
}

// How well one network reads digits where they stand, and the same digits
// moved three pixels to the right and down.
struct ShiftScore {
  double right = 0;            // share read right where they stand
  double sure_when_right = 0;  // mean probability of these right answers
  double moved = 0;            // share read right once they have moved
};

inline ShiftScore score_of_shifts(Layer<>& network, const Dataset& digits) {
  const Tensor<> logits = evaluate(network, digits);
  return {accuracy(logits, digits.labels),
          probability_when_right(logits, digits.labels),
          accuracy(network, shifted_digits(digits, 3, 3))};
}

// The scores, seed by seed, of networks that learned from digits as they
// are, and of networks that learned from the same digits shifted.
struct ShiftTraining {
  std::vector<ShiftScore> unmoved, shifted;
};

// One field of each score, as seeds_text() takes them. None is missing.
inline std::vector<std::optional<double>> numbers_in(
    const std::vector<ShiftScore>& scores, double ShiftScore::*number) {
  std::vector<std::optional<double>> all;
  for (const ShiftScore& it : scores) all.push_back(it.*number);
  return all;
}

// Trains both kinds of network with `seeds` seeds, from the experiment's
// on. most: the largest shift, in pixels
inline ShiftTraining compute_shift_training(const Split& digits,
                                            Experiment experiment, int most,
                                            int seeds,
                                            const AfterStep& go_on = {}) {
  ShiftTraining study;
  for (int i = 0; i < seeds; ++i) {
    for (const bool moves : {false, true}) {
      experiment.settings.hand_out =
          moves ? whole_shifts(most, experiment.settings.seed) : HandOut();
      const auto network = trained_network(digits.train, experiment, go_on);
      (moves ? study.shifted : study.unmoved)
          .push_back(score_of_shifts(*network, digits.held_out));
    }
    ++experiment.settings.seed;
  }
  return study;
}

}  // namespace cnn
