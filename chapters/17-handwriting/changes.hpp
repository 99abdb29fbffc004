// What may happen to a digit on its way to a network, and what each change
// costs.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "03-pooling/pooling.hpp"
#include "08-seeing/strangers.hpp"
#include "12-generalization/warping.hpp"
#include "16-saving/measuring.hpp"
#include "17-handwriting/moves.hpp"
#include "17-handwriting/placing.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// (28, 28) -> (28, 28)
using PictureChange = std::function<Tensor<>(const Tensor<>&)>;

struct NamedChange {
  std::string name;
  PictureChange change;
};

// ---- Pixel by pixel ----------------------------------------------------

// Replaces each grey level by new_level(level), clamped to 0 ... 1.
template <class NewLevel>
PictureChange each_pixel(NewLevel new_level) {
  return [new_level](Tensor<> image) mutable {
    for (float& pixel : image.data())
      pixel = std::clamp(new_level(pixel), 0.0f, 1.0f);
    return image;
  };
}

// Adds normal noise to every pixel, and different noise to every picture.
inline PictureChange noisy(float deviation, std::uint64_t seed) {
  return each_pixel([deviation, random = Random(seed)](float p) mutable {
    return p + deviation * random.normal();
  });
}

// Grey levels alone: the strokes stay where they are.
inline std::vector<NamedChange> grey_changes(std::uint64_t seed) {
  return {{"black and white only",
           each_pixel([](float p) { return p > 0.5f ? 1.0f : 0.0f; })},
          {"half of the contrast",
           each_pixel([](float p) { return 0.5f * p; })},
          {"a fifth of the contrast",
           each_pixel([](float p) { return 0.2f * p; })},
          {"all pixels 0.2 brighter",
           each_pixel([](float p) { return p + 0.2f; })},
          {"noise of 0.3", noisy(0.3f, seed)},
          {"ink and paper exchanged",
           each_pixel([](float p) { return 1 - p; })}};
}

// ---- Strokes -----------------------------------------------------------

// Each pixel becomes the brightest of the 3 x 3 around it: white strokes
// grow by a pixel on each side.
inline Tensor<> thicker(const Tensor<>& image) {
  return plane(max_pool(as_batch(image), {3, 1, 1}));
}
// Each pixel becomes the darkest of the 3 x 3 around it: white strokes lose
// a pixel on each side.
inline Tensor<> thinner(const Tensor<>& image) {
  return inverted(thicker(inverted(image)));
}

inline std::vector<NamedChange> stroke_changes() {
  return {{"blurred, 3 x 3",
           [](const Tensor<>& it) {
             return plane(average_pool(as_batch(it), {3, 1, 1}));
           }},
          {"1 pixel off each side", thinner},
          {"1 more on each side", thicker},
          {"2 more on each side",
           [](const Tensor<>& it) { return thicker(thicker(it)); }}};
}

// ---- Place and shape ---------------------------------------------------

inline PictureChange warped_by(const Warp& by) {
  return [by](const Tensor<>& it) {
    Tensor<> result(it.shape());
    warp(it.data(), result.data(), it.extent(0), it.extent(1), by);
    return result;
  };
}

inline std::vector<NamedChange> shape_changes() {
  std::vector<NamedChange> all = {
      {"right and down by 2",
       [](const Tensor<>& it) { return moved(it, 2, 2); }}};
  for (const auto& [name, scale] : {std::pair{"half as large", 0.5},
                                    {"0.7 times as large", 0.7},
                                    {"0.9 times as large", 0.9},
                                    {"1.4 times as large", 1.4}})
    all.push_back({name, warped_by(warp_of(0, scale, 0))});
  for (const int degrees : {5, 10, 20, 45, 90})
    all.push_back({"turned by " + std::to_string(degrees) + " degrees",
                   warped_by(warp_of(degrees, 1, 0))});
  return all;
}

// ---- Ways to make 28 x 28 pixels of a digit ----------------------------

// The image cropped along its ink's box and stretched to a square, whatever
// its shape. image (H, W) -> (side, side)
inline Tensor<> stretched(const Tensor<>& image, int side) {
  const auto box = ink_box(image);
  return area_average(box ? cropped(image, *box) : image, side, side);
}
// Like MNIST's rule, but the longer side has `longest` pixels, and the
// middle of the box comes to the middle of the frame.
inline PictureChange fitted_by_box(int longest) {
  return [=](const Tensor<>& it) {
    const auto digit = fitted(it, longest);
    return digit ? in_the_middle(*digit) : it;
  };
}

// MNIST's rule, and what tutorials do to a digit instead before they ask a
// network about it.
inline std::vector<NamedChange> placings() {
  return {{"MNIST's rule", placed_as_mnist},
          {"centred by its box", fitted_by_box(20)},
          {"stretched to 20 x 20",
           [](const Tensor<>& it) {
             return recentred(in_the_middle(stretched(it, 20)));
           }},
          {"28 pixels, no border", fitted_by_box(28)},
          {"stretched to 28 x 28",
           [](const Tensor<>& it) { return stretched(it, 28); }},
          {"one white speck", [](Tensor<> it) {
             it(0, 0) = 1;
             return placed_as_mnist(it);
           }}};
}

// ---- What each change costs --------------------------------------------

struct ChangeCost {
  std::string name;
  std::vector<double> right;  // the share that each network reads right
  double mean() const {
    double sum = 0;
    for (const double share : right) sum += share;
    return sum / static_cast<double>(right.size());
  }
  // The 95 % interval of the mean, if that was measured on `digits` digits.
  Interval interval(int digits) const {
    return wilson_interval(static_cast<int>(std::lround(mean() * digits)),
                           digits);
  }
};

inline ChangeCost compute_change_cost(const std::vector<Layer<>*>& networks,
                                      const Dataset& digits,
                                      const NamedChange& change) {
  const Dataset changed = each_changed(digits, change.change);
  ChangeCost cost{change.name, {}};
  for (Layer<>* network : networks)
    cost.right.push_back(accuracy(*network, changed));
  return cost;
}

// How many pairs of changes have intervals that lie apart, so that they
// cost clearly different amounts, and how many of these pairs all networks
// put in the same order.
struct Agreement {
  int pairs = 0, agreed = 0;
};

inline Agreement compute_agreement(const std::vector<ChangeCost>& costs,
                                   int digits) {
  Agreement all;
  for (const ChangeCost& a : costs)
    for (const ChangeCost& b : costs) {
      if (!(a.interval(digits).low > b.interval(digits).high)) continue;
      ++all.pairs;
      bool agreed = true;
      for (std::size_t i = 0; i < a.right.size(); ++i)
        agreed = agreed && a.right[i] > b.right[i];
      all.agreed += agreed;
    }
  return all;
}

}  // namespace cnn
