// The climb with regularizers that keep a picture readable, each alone, all
// but one and all together, and what other networks see in the dreams.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "06-training/scoring.hpp"
#include "09-dreaming/dreams.hpp"
#include "09-dreaming/networks.hpp"
#include "09-dreaming/regularizers.hpp"

namespace cnn {

struct DreamRecipe {
  std::string name, short_name;
  DreamSettings settings;
};

// First no regularizer, then each one alone, then all but one, then all
// four with the given settings.
inline std::vector<DreamRecipe> recipes(const DreamSettings& together) {
  DreamSettings none = together;
  none.decay = none.variation = 0;
  none.blur_every = none.jitter = 0;
  DreamSettings decay = none, blur = none, jitter = none, variation = none;
  decay.decay = together.decay;
  blur.blur_every = together.blur_every;
  jitter.jitter = together.jitter;
  variation.variation = together.variation;
  DreamSettings no_decay = together, no_blur = together,
                no_jitter = together, no_variation = together;
  no_decay.decay = 0;
  no_blur.blur_every = 0;
  no_jitter.jitter = 0;
  no_variation.variation = 0;
  return {{"none of them", "none", none},
          {"decay", "decay", decay},
          {"blur", "blur", blur},
          {"jitter", "jitter", jitter},
          {"total variation", "TV", variation},
          {"all but decay", "no\ndecay", no_decay},
          {"all but blur", "no\nblur", no_blur},
          {"all but jitter", "no\njitter", no_jitter},
          {"all but TV", "no TV", no_variation},
          {"all four", "all\nfour", together}};
}

// ---- What is seen in dreams --------------------------------------------

// The scores of the ten dreams of one recipe.
struct DreamScore {
  std::string name;
  // Means over the classes; `fell` is the share of the steps that led down.
  double logit = 0, sure = 0, variation = 0, fell = 0;
  // How many of the ten each of these reads as the class that was wanted.
  int witness = 0, dense = 0, nearest = 0;
};

// numbers: one or more
inline double mean_of(const std::vector<float>& numbers) {
  float sum = 0;
  for (const float number : numbers) sum += number;
  return static_cast<double>(sum / static_cast<float>(numbers.size()));
}

// means (10, pixels): the mean image of each class
inline DreamScore score(const Dreams& dreams, double fell,
                        const Networks& networks, const Tensor<>& means) {
  const Tensor<> logits =
      networks.asked->forward(dreams.images, Mode::evaluation);
  const Tensor<> nearest = nearest_mean_scores(dreams.images, means);
  const Verdict own(logits, softmax(logits));
  std::vector<float> wanted;
  for (int k = 0; k < logits.extent(0); ++k) wanted.push_back(logits(k, k));
  return {dreams.name,
          mean_of(wanted),
          mean_of(own.sure),
          mean_of(total_variation(dreams.images).values),
          fell,
          verdict(*networks.witness, dreams.images).agreed,
          verdict(*networks.dense, dreams.images).agreed,
          Verdict(nearest, nearest).agreed};
}

// Whether each regularizer alone leaves less variation than the plain
// climb, and all together leave no more than any one of them.
// scores: plain, none, each alone, all but one each, all four
inline bool each_is_smoother(const std::vector<DreamScore>& scores) {
  return std::all_of(scores.begin() + 2, scores.begin() + 6,
                     [&](const DreamScore& it) {
                       return it.variation < scores.front().variation &&
                              scores.back().variation <= it.variation;
                     });
}

// ---- The film ----------------------------------------------------------

// The ten pictures after a step.
struct Frame {
  int step = 0;
  Tensor<> images;         // (10, 1, 28, 28)
  Tensor<> probabilities;  // (10, 10)
};

// Whether the film has a frame after this step. Frames are closer together
// at the start, where more happens.
inline bool is_frame(int step, int steps) {
  return step <= 8 || (step <= 36 && step % 4 == 0) || step % 60 == 0 ||
         step == steps;
}

// The first frame in which the pixels that end in [low, high] have, on
// average, gone a third of their way from the first frame to the last.
inline std::size_t third_of_way(const std::vector<Frame>& frames, float low,
                                float high) {
  const auto end = frames.back().images.data();
  std::vector<double> sums;
  for (const Frame& frame : frames) {
    sums.push_back(0);
    for (std::size_t i = 0; i < end.size(); ++i)
      if (end[i] >= low && end[i] <= high)
        sums.back() += static_cast<double>(frame.images.data()[i]);
  }
  const double way = sums.back() - sums.front();
  std::size_t at = 0;
  while ((sums[at] - sums.front()) * way < way * way / 3) ++at;
  return at;
}

// Whether the strokes, the pixels that end brighter than 0.7, have gone a
// third of their way before the ground has, the pixels that end nearly
// black.
inline bool strokes_come_first(const std::vector<Frame>& frames) {
  return !frames.empty() && third_of_way(frames, 0.7f, 1.0f) <
                                third_of_way(frames, 0.0f, 0.1f);
}

// ---- All of them -------------------------------------------------------

// Ten dreams by one recipe, and the share of all the steps that led down.
struct Dreamt {
  Dreams dreams;
  double fell = 0;
};

// Climbs for all ten classes from the same noise as the plain climb. `look`
// is called with each step and its pictures, and false ends the climb.
inline Dreamt dream_by(
    FastNetwork& network, const DreamRecipe& recipe,
    const std::function<bool(int, const Tensor<>&)>& look) {
  const int classes = 10;
  int down = 0;
  std::vector<float> before;
  Tensor<> images = dream<float>(
      noise(classes, recipe.settings.seed), logit_of_own_class(network),
      recipe.settings,
      [&](int step, const Tensor<>& now, const std::vector<float>& values) {
        for (std::size_t k = 0; k < before.size(); ++k)
          down += values[k] < before[k];
        before = values;
        return look(step, now);
      });
  return {{recipe.name, recipe.short_name, std::move(images)},
          static_cast<double>(down) / (classes * recipe.settings.steps)};
}

struct ReadableDreams {
  // Plain, none, each alone, all but one each, all four, untrained.
  std::vector<DreamScore> scores;
  std::vector<Dreams> drawn;  // in the order of the scores
  Strip strip;                // of all four
  std::vector<Frame> film;    // of all four
  bool smoother = false;      // each_is_smoother()

  const DreamScore& plain() const { return scores.front(); }
  const DreamScore& all_four() const { return scores[scores.size() - 2]; }
};

// Dreams by all recipes, and dreams of a network that has learned nothing,
// by the last recipe.
// plain: the results of the plain climb; means (10, pixels): the mean image
// of each class; digit: the class of the strip; go_on(recipe, step): called
// at the start of each climb (step 0) and after each step, and if it
// returns false, no more is computed
inline ReadableDreams compute_readable_dreams(
    const Networks& networks, const Dreams& plain, const Tensor<>& means,
    const DreamSettings& together, int digit,
    const std::function<bool(const DreamRecipe&, int)>& go_on = {}) {
  ReadableDreams all;
  StripRecorder recorder(*networks.asked, "all four", digit,
                         together.steps);
  all.scores = {score(plain, 0, networks, means)};
  all.drawn = {plain};
  bool stopped = false;
  const auto add_dreams = [&](FastNetwork& network,
                              const DreamRecipe& recipe) {
    const bool filmed = recipe.name == "all four";
    const Dreamt it =
        dream_by(network, recipe, [&](int step, const Tensor<>& images) {
          if (filmed) recorder.look(step, images);
          if (filmed && is_frame(step, together.steps))
            all.film.push_back(
                {step, images,
                 softmax(network.forward(images, Mode::evaluation))});
          stopped = go_on && !go_on(recipe, step);
          return !stopped;
        });
    all.scores.push_back(score(it.dreams, it.fell, networks, means));
    all.drawn.push_back(it.dreams);
  };
  for (const DreamRecipe& recipe : recipes(together)) {
    add_dreams(*networks.asked, recipe);
    if (stopped) return all;
  }
  all.strip = recorder.strip;
  all.smoother = each_is_smoother(all.scores);
  add_dreams(*networks.untrained, {"untrained", "un-\ntrained", together});
  return all;
}

}  // namespace cnn
