// Pictures that are not digits, or no longer look like the ones that the
// network has learned from.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "03-pooling/shift.hpp"
#include "08-seeing/digit_maps.hpp"
#include "08-seeing/sureness.hpp"
#include "common/tensor/random.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// Pixels drawn uniformly from 0 to 1. -> (28, 28)
inline Tensor<> noise_image(Random& random) {
  Tensor<> image({28, 28});
  for (float& pixel : image.data()) pixel = random.uniform();
  return image;
}

inline Tensor<> inverted(Tensor<> image) {
  for (float& pixel : image.data()) pixel = 1 - pixel;
  return image;
}

// A quarter turn to the left. image (H, W) -> (W, H)
inline Tensor<> turned(const Tensor<>& image) {
  require_rank(image.shape(), 2, "turned", "image");
  const int H = image.extent(0), W = image.extent(1);
  Tensor<> result({W, H});
  for (int y = 0; y < W; ++y)
    for (int x = 0; x < H; ++x) result(y, x) = image(x, W - 1 - y);
  return result;
}

// Shifts an image to the right; what leaves the picture is lost.
// image (H, W) -> (H, W)
inline Tensor<> to_the_right(const Tensor<>& image, int columns) {
  return picture_of(shifted(as_batch(image), 0, columns), 0);
}

// Lays one picture over another of the same shape: each pixel is the
// brighter of the two.
inline Tensor<> overlaid(const Tensor<>& a, const Tensor<>& b) {
  require_shape(b.shape(), a.shape(), "overlaid", "the second image");
  Tensor<> result = a;
  for (std::size_t i = 0; i < result.data().size(); ++i)
    result.data()[i] = std::max(a.data()[i], b.data()[i]);
  return result;
}

// A picture (28, 28) with a name, and what a network says about it.
struct Stranger {
  std::string name;
  Tensor<> image;
  Opinion opinion;
  float logit = 0;  // of the class that the network says
};

// Pictures that are not digits, or not quite: plain and random greys, the
// given letters (28, 28), and spoiled digits. No opinions are filled in
// yet.
// Throws std::runtime_error if there is no 2, 3, 4 or 7 to spoil.
inline std::vector<Stranger> strangers_among(
    const Dataset& digits,
    const std::vector<std::pair<std::string, Tensor<>>>& letters,
    std::uint64_t seed) {
  Random random(seed);
  Tensor<> grey({28, 28});
  for (float& pixel : grey.data()) pixel = 0.5f;
  std::vector<Stranger> all;
  const auto add = [&](const std::string& name, const Tensor<>& image) {
    all.push_back({name, image, {}, 0});
  };
  add("black", Tensor<>({28, 28}));
  add("grey", grey);
  add("noise", noise_image(random));
  for (const auto& [name, image] : letters) add(name, image);
  add("3 and 7", overlaid(first_of(digits, 3), first_of(digits, 7)));
  add("4, inverted", inverted(first_of(digits, 4)));
  add("2, turned", turned(first_of(digits, 2)));
  add("7, moved", to_the_right(first_of(digits, 7), 8));
  return all;
}

// Fills in what the network says about each picture.
inline std::vector<Stranger> compute_strangers(FastNetwork& network,
                                               std::vector<Stranger> all) {
  for (Stranger& it : all) {
    const Tensor<> logits =
        network.forward(as_batch(it.image), Mode::evaluation);
    it.opinion = opinions(logits)[0];
    it.logit = logits(0, it.opinion.said);
  }
  return all;
}

// ---- Many of a kind ----------------------------------------------------

// How sure the network is of many pictures of one kind, and how often it is
// right. An answer is sure if its probability is 0.99 or more.
struct KindOfPicture {
  std::string name;
  double mean_sureness = 0, sure = 0;  // sure: the share of sure answers
  std::optional<double> right;         // none if there is no truth
  // Of the sure answers, the mean probability and the share that is right:
  // none if no answer is sure, and no share if there is no truth.
  std::optional<double> promised, right_of_sure;
};

// All digits as they are, and changed in four ways: one entry for each.
inline std::vector<KindOfPicture> compute_kinds(FastNetwork& network,
                                                const Dataset& digits,
                                                std::uint64_t seed) {
  Random random(seed);
  std::vector<KindOfPicture> kinds;
  const auto add = [&](const std::string& name, bool has_truth,
                       const auto& change) {
    Dataset changed = digits;
    for (int n = 0; n < digits.size(); ++n)
      set_row(changed.images, n,
              change(picture_of(digits.images, n)).data());
    const Tensor<> logits = evaluate(network, changed);
    const std::vector<Opinion> all = opinions(logits);
    KindOfPicture kind{
        name, mean_sureness(all), share_above(all, 0.99f), {}, {}, {}};
    kind.promised = mean_sureness_above(all, 0.99f);
    if (has_truth) {
      kind.right = accuracy(logits, digits.labels);
      kind.right_of_sure = share_right_above(all, digits.labels, 0.99f);
    }
    kinds.push_back(kind);
  };
  using Image = Tensor<>;
  add("held-out digits", true, [](const Image& it) { return it; });
  add("moved 4 to the right", true,
      [](const Image& it) { return to_the_right(it, 4); });
  add("inverted", true, [](const Image& it) { return inverted(it); });
  add("a quarter turn", false, [](const Image& it) { return turned(it); });
  add("noise", false, [&](const Image&) { return noise_image(random); });
  return kinds;
}

}  // namespace cnn
