// What a network has learned to look for: how far its first filters moved,
// and what it answers to one digit.
// Book: book/06-training.md
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "06-training/network.hpp"
#include "06-training/scoring.hpp"
#include "06-training/training.hpp"

namespace cnn {

// How training changed some weights. `before` and `after` are the largest
// magnitudes then.
struct WeightChange {
  double moved = 0.0;  // the largest change of any weight
  double before = 0.0, after = 0.0;

  // Whether that is enough to be seen in the picture of the filters.
  bool is_visible() const { return moved > before / 4; }
};

inline WeightChange compute_change(const Tensor<>& before,
                                   const Tensor<>& after) {
  const auto difference = [](const Tensor<>& a, const Tensor<>& b) {
    return static_cast<double>(max_abs_difference(a, b));
  };
  const Tensor<> zeros(before.shape());
  return {difference(before, after), difference(before, zeros),
          difference(after, zeros)};
}

// What the network says to the first image of a class.
struct DigitAnswer {
  Tensor<> image;          // (H, W)
  Tensor<> probabilities;  // (1, classes)
};

// Throws std::out_of_range if there is no image of that class.
inline DigitAnswer compute_answer(Layer<>& network, const Dataset& data,
                                  int label) {
  const Tensor<> image =
      picture_of(data.images,
                 first_index_of(data.labels, label).value_or(data.size()));
  return {image,
          softmax(network.forward(as_batch(image), Mode::evaluation))};
}

// What the network said to one picture after a step.
struct StoryAnswer {
  int step = 0;            // 0: before the first
  Tensor<> probabilities;  // (1, classes)
};

// Asks a network about one picture while it trains: before the first step,
// after each of `steps`, and after the run's last one.
class StoryTeller {
 public:
  // image (H, W)
  StoryTeller(const Tensor<>& image, std::vector<int> steps)
      : image_(as_batch(image)), steps_(std::move(steps)) {}

  void look(const TrainingStep& now, Layer<>& network) {
    const bool wanted =
        now.step == 0 || now.step == now.steps ||
        std::find(steps_.begin(), steps_.end(), now.step) != steps_.end();
    if (wanted)
      answers_.push_back(
          {now.step, softmax(network.forward(image_, Mode::evaluation))});
  }

  const std::vector<StoryAnswer>& answers() const { return answers_; }

 private:
  Tensor<> image_;
  std::vector<int> steps_;
  std::vector<StoryAnswer> answers_;
};

}  // namespace cnn
