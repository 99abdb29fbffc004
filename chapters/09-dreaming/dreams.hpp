// Ten pictures, each the result of a climb for one class, and what networks
// say about them.
// Book: book/09-dreaming.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "01-tensor/layout.hpp"
#include "02-convolution/pictures.hpp"
#include "05-softmax/softmax.hpp"
#include "07-speed/fast_training.hpp"
#include "09-dreaming/climb.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// The results of climbs with the same settings, one for each class.
struct Dreams {
  std::string name, short_name;
  Tensor<> images;  // (10, 1, 28, 28)
};

// Called at the start of a climb (step 0) and after each step; false ends
// the climb.
using GoOn = std::function<bool(int step)>;

// `count` copies of the same faint noise. -> (count, 1, 28, 28)
inline Tensor<> noise(int count, std::uint64_t seed) {
  Random random(seed);
  Tensor<> images({count, 1, 28, 28});
  const auto first_image = row_of(images, 0);
  for (float& pixel : first_image) pixel = random.uniform(0.4f, 0.6f);
  for (int n = 1; n < count; ++n) set_row(images, n, first_image);
  return images;
}

// The logit of class n for image n. The network must outlive the objective.
// (classes, C, H, W) -> values (classes), gradient (classes, C, H, W)
inline Objective<> logit_of_own_class(FastNetwork& network) {
  return [&network](const Tensor<>& images) {
    return class_logits(network, images, count_up(images.extent(0)));
  };
}

// By how much the logit of class k for image n exceeds the largest other
// one.
// logits (N, 2 classes or more)
inline float ahead(const Tensor<>& logits, int n, int k) {
  return logits(n, k) - logits(n, runner_up(logits, n, k));
}

// ---- What a network says about them ------------------------------------

// What one classifier says about ten pictures. Picture k is meant to be
// read as class k.
struct Verdict {
  std::vector<int> says;    // the class that it reads in each picture
  std::vector<float> sure;  // the probability of the class that was wanted
  int agreed = 0;           // how many it reads as the wanted class

  // scores, probabilities (classes, classes)
  Verdict(const Tensor<>& scores, const Tensor<>& probabilities)
      : says(predictions(scores)) {
    require_shape(probabilities.shape(), scores.shape(), "Verdict",
                  "probabilities");
    require_shape(scores.shape(), {scores.extent(1), scores.extent(1)},
                  "Verdict", "scores");
    for (int k = 0; k < probabilities.extent(0); ++k) {
      sure.push_back(probabilities(k, k));
      agreed += says[static_cast<std::size_t>(k)] == k;
    }
  }
};

inline Verdict verdict(FastNetwork& network, const Tensor<>& images) {
  const Tensor<> logits = network.forward(images, Mode::evaluation);
  return Verdict(logits, softmax(logits));
}

// ---- One class on its way ----------------------------------------------

// The climb of one picture: what it is after a few of the steps.
struct Strip {
  std::string name;
  std::vector<int> steps;
  std::vector<Tensor<>> pictures;            // (28, 28)
  std::vector<float> logits, probabilities;  // of the class that is wanted
};

// The steps after which a strip has a picture, without repetitions.
inline std::vector<int> strip_steps(int steps) {
  std::vector<int> chosen;
  for (const int share : {0, 2, 5, 10, 20, 100})
    chosen.push_back(steps * share / 100);
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

// Records the strip of class `digit` during a climb for all ten classes.
// The network must outlive the recorder.
class StripRecorder {
 public:
  StripRecorder(FastNetwork& network, std::string name, int digit,
                int steps)
      : StripRecorder(network, std::move(name), digit, steps, digit) {}
  // The same, but during a climb of other pictures, from image `image`.
  StripRecorder(FastNetwork& network, std::string name, int digit,
                int steps, int image)
      : network_(network),
        digit_(digit),
        image_(image),
        wanted_(strip_steps(steps)) {
    strip.name = std::move(name);
  }

  // images (N, 1, 28, 28) after a step
  void look(int step, const Tensor<>& images) {
    if (std::find(wanted_.begin(), wanted_.end(), step) == wanted_.end())
      return;
    const Tensor<> logits = network_.forward(images, Mode::evaluation);
    strip.logits.push_back(logits(image_, digit_));
    strip.steps.push_back(step);
    strip.pictures.push_back(picture_of(images, image_));
    strip.probabilities.push_back(softmax(logits)(image_, digit_));
  }

  Strip strip;

 private:
  FastNetwork& network_;
  int digit_, image_;
  std::vector<int> wanted_;
};

// Whether the network is more than 90 % sure after a fifth of the steps.
inline bool is_sure_early(const Strip& strip) {
  const std::vector<float>& sure = strip.probabilities;
  return sure.size() > 1 && sure[sure.size() - 2] > 0.9f;
}

}  // namespace cnn
