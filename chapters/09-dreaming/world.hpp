// What chapter 09's program asks and is asked about: the digits, the
// network, and those that are shown what it dreams.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "06-training/live.hpp"
#include "06-training/scoring.hpp"
#include "07-speed/fast_training.hpp"
#include "09-dreaming/climb.hpp"
#include "09-dreaming/figures.hpp"
#include "common/data/dataset.hpp"
#include "common/shell/terminal.hpp"

namespace cnn {

inline constexpr int classes = 10;

inline double as_double(float number) {
  return static_cast<double>(number);
}

// The digits, networks that learned from them, and what the one that is
// asked says of those held out.
struct World {
  Split digits;
  std::unique_ptr<FastNetwork> network, other, dense, untrained;
  std::vector<int> said;   // N
  Tensor<> logits;         // (N, classes)
  Tensor<> probabilities;  // (N, classes)

  std::vector<std::pair<std::string, std::string>> notes;

  // For the report at the end, which the headline number opens.
  void note(const std::string& name, const std::string& value) {
    notes.emplace_back(name, value);
  }
  int truth(int n) const {
    return digits.held_out.labels[static_cast<std::size_t>(n)];
  }
  int says(int n) const { return said[static_cast<std::size_t>(n)]; }
  bool right(int n) const { return says(n) == truth(n); }
  // The first held-out digit of a class that is read right, if one is.
  std::optional<int> first_right(int digit) const {
    for (int n = 0; n < digits.held_out.size(); ++n)
      if (truth(n) == digit && right(n)) return n;
    return std::nullopt;
  }
  // The held-out digits that are read right.
  Dataset known() const {
    std::vector<int> chosen;
    for (int n = 0; n < digits.held_out.size(); ++n)
      if (right(n)) chosen.push_back(n);
    return subset(digits.held_out, chosen);
  }
  // One held-out digit as a batch: (1, 1, 28, 28).
  Tensor<> digit(int n) const {
    return item(digits.held_out.images, n).reshaped({1, 1, 28, 28});
  }
};

// How far the logit of one class is ahead of the largest other one.
inline float ahead(const Tensor<>& logits, int n, int k) {
  return logits(n, k) - logits(n, runner_up(logits, n, k));
}

// The same faint noise as many times as wanted. (count, 1, 28, 28)
inline Tensor<> noise(int count, std::uint64_t seed) {
  Random random(seed);
  Tensor<> images({count, 1, 28, 28});
  const auto first_image = row_of(images, 0);
  for (float& pixel : first_image) pixel = random.uniform(0.4f, 0.6f);
  for (int n = 1; n < count; ++n)
    std::ranges::copy(first_image, row_of(images, n).begin());
  return images;
}

// What someone says to ten pictures, one of each class.
struct Verdict {
  std::vector<int> says;
  std::vector<float> sure;  // of the class that was wanted
  int agreed = 0;

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

inline double mean_of(const std::vector<float>& numbers) {
  float sum = 0;
  for (const float number : numbers) sum += number;
  return as_double(sum / static_cast<float>(numbers.size()));
}

// The table's line on some dreams, and how many each judge reads as wanted.
class Judges {
 public:
  explicit Judges(World& world)
      : world_(world), means_(mean_images(world.digits.train)) {}

  void judge(const Dreams& it, const std::string& fell) {
    const Verdict own = verdict(*world_.network, it.images);
    const Verdict witness = verdict(*world_.other, it.images);
    const Verdict dense = verdict(*world_.dense, it.images);
    const Tensor<> nearest = nearest_mean_scores(it.images, means_);
    const Heights<> heights =
        class_logits(*world_.network, it.images, count_up(classes));
    variations.push_back(mean_of(total_variation(it.images).values));
    rows.push_back(
        {it.name, format("%.1f", mean_of(heights.values)),
         percent(mean_of(own.sure)), format("%.0f", variations.back()),
         fell, std::to_string(witness.agreed), std::to_string(dense.agreed),
         std::to_string(Verdict(nearest, nearest).agreed)});
  }

  Rows rows = {
      {"", "logit", "sure", "TV", "fell", "witness", "dense", "nearest"}};
  std::vector<double> variations;  // of each row but the head

 private:
  World& world_;
  Tensor<> means_;
};

}  // namespace cnn
