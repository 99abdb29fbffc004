// The ideal digits of a network that is asked for nothing but a high logit.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "09-dreaming/dreams.hpp"

namespace cnn {

// One class's logit in the noise, in real digits and in the dream, and how
// far it is ahead of the next best logit.
struct ClimbedClass {
  double noise = 0;
  double digit = 0, digit_ahead = 0;  // the most that any digit reaches
  int best_digit = 0;                 // the one whose logit is `digit`
  double dream = 0, dream_ahead = 0;
  double sure = 0;  // the probability of the class in the dream
  int witness_says = 0;
};

// The climbs for all ten classes. strip: one class after a few of its steps
struct PlainClimb {
  Dreams dreams;
  Strip strip;
  std::vector<ClimbedClass> classes;
  int witness_agrees = 0;
};

// What real digits reach for class k. logits (N, classes), N of 1 or more
inline ClimbedClass reached_by_digits(const Tensor<>& logits, int k) {
  int best = 0;
  float lead = ahead(logits, 0, k);
  for (int n = 0; n < logits.extent(0); ++n) {
    if (logits(n, k) > logits(best, k)) best = n;
    lead = std::max(lead, ahead(logits, n, k));
  }
  return {.digit = static_cast<double>(logits(best, k)),
          .digit_ahead = static_cast<double>(lead),
          .best_digit = best};
}

// For each class, the real digit with the highest logit.
inline Dreams best_digits(const PlainClimb& all, const Dataset& digits) {
  std::vector<int> chosen;
  for (const ClimbedClass& it : all.classes)
    chosen.push_back(it.best_digit);
  return {"digits", "digits", subset(digits, chosen).images};
}

// Names those of best_digits() that belong to another class: "; the one for
// 1 belongs to class 2", or "".
inline std::string strangers_text(const PlainClimb& all,
                                  const std::vector<int>& labels) {
  std::string text;
  for (std::size_t k = 0; k < all.classes.size(); ++k) {
    const int label =
        labels[static_cast<std::size_t>(all.classes[k].best_digit)];
    if (label != static_cast<int>(k))
      text += (text.empty() ? "; the one for " : ", the one for ") +
              std::to_string(k) +
              (text.empty() ? " belongs to class " : " to class ") +
              std::to_string(label);
  }
  return text;
}

// Climbs from the same noise for all ten classes.
// logits (N, 10): what `asked` says about real digits; digit: the class of
// the strip; go_on: called at the start and after each step, and false ends
// the climb
inline PlainClimb compute_plain_climb(FastNetwork& asked,
                                      FastNetwork& witness,
                                      const Tensor<>& logits, int digit,
                                      int steps, std::uint64_t seed,
                                      const GoOn& go_on = {}) {
  StripRecorder recorder(asked, "plain", digit, steps);
  const int classes = logits.extent(1);
  PlainClimb all;
  for (int k = 0; k < classes; ++k)
    all.classes.push_back(reached_by_digits(logits, k));
  all.dreams = {
      "plain", "plain",
      climb<float>(
          noise(classes, seed), logit_of_own_class(asked), steps, 0.05,
          [&](int step, const Tensor<>& images,
              const std::vector<float>& values) {
            for (std::size_t k = 0; k < values.size(); ++k) {
              all.classes[k].dream = static_cast<double>(values[k]);
              if (step == 0) all.classes[k].noise = all.classes[k].dream;
            }
            recorder.look(step, images);
            return !go_on || go_on(step);
          })};
  all.strip = recorder.strip;
  const Tensor<> dreamed =
      asked.forward(all.dreams.images, Mode::evaluation);
  const Verdict own(dreamed, softmax(dreamed));
  const Verdict others = verdict(witness, all.dreams.images);
  all.witness_agrees = others.agreed;
  for (int k = 0; k < classes; ++k) {
    const auto at = static_cast<std::size_t>(k);
    ClimbedClass& it = all.classes[at];
    it.dream_ahead = static_cast<double>(ahead(dreamed, k, k));
    it.sure = static_cast<double>(own.sure[at]);
    it.witness_says = others.says[at];
  }
  return all;
}

}  // namespace cnn
