// Climbs that begin at a digit instead of noise: what the network would
// change in it.
// Book: book/09-dreaming.md
#pragma once

#include <vector>

#include "09-dreaming/dreams.hpp"

namespace cnn {

// The two climbs after a few of their steps.
struct ClimbedDigit {
  Strip plain, all_four;
};

// Climbs from one digit towards a higher logit of its own class, without
// and with regularizers. digit (1, 1, 28, 28)
inline ClimbedDigit compute_climbed_digit(FastNetwork& network,
                                          const Tensor<>& digit, int label,
                                          const DreamSettings& settings,
                                          const GoOn& go_on = {}) {
  const Objective<> objective = [&](const Tensor<>& images) {
    return class_logits(network, images, {label});
  };
  StripRecorder plain(network, "plain", label, settings.steps, 0);
  StripRecorder all_four(network, "all four", label, settings.steps, 0);
  const auto watching = [&](StripRecorder& recorder) {
    return
        [&](int step, const Tensor<>& images, const std::vector<float>&) {
          recorder.look(step, images);
          return !go_on || go_on(step);
        };
  };
  climb<float>(digit, objective, settings.steps, settings.size,
               watching(plain));
  dream<float>(digit, objective, settings, watching(all_four));
  return {plain.strip, all_four.strip};
}

}  // namespace cnn
