// What covering each place of a digit in turn does to the answer.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/occlusion.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// Pixels along the side of the square that covers.
inline constexpr int square = 7;

// What covering each place of one digit in turn does to its answer.
struct Covered {
  int image = 0, truth = 0, said = 0;
  float whole = 0;             // the probability of the truth, uncovered
  float least = 2, most = -1;  // and covered somewhere
  int then = 0;                // what is said where it is least
  bool lost = false, found = false;  // right, and wrong somewhere; reverse
  Tensor<> map;
};

// Throws std::invalid_argument for an image that there is not, or if the
// network's scores for it are no answer.
inline Covered cover(FastNetwork& network, const Dataset& data, int image,
                     float grey) {
  Covered it;
  it.image = image;
  it.truth = labels_of(data, {&image, 1}).front();
  const Tensor<> digit = picture_of(data.images, image);
  const Tensor<> logits =
      network.forward(digit.reshaped({1, 1, 28, 28}), Mode::evaluation);
  it.said = predictions(logits)[0];
  it.whole = softmax(logits)(0, it.truth);
  const auto probability = [&](const Tensor<>& batch) {
    const Tensor<> covered = network.forward(batch, Mode::evaluation);
    const Tensor<> probabilities = softmax(covered);
    require_answers(probabilities, "cover");
    const std::vector<int> said = predictions(covered);
    std::vector<float> row;
    for (std::size_t n = 0; n < said.size(); ++n) {
      const float p = probabilities(static_cast<int>(n), it.truth);
      row.push_back(p);
      if (p < it.least) it.least = p, it.then = said[n];
      it.most = std::max(it.most, p);
      it.lost |= it.said == it.truth && said[n] != it.truth;
      it.found |= it.said != it.truth && said[n] == it.truth;
    }
    return row;
  };
  it.map =
      occlusion_map(digit.reshaped({1, 28, 28}), square, grey, probability);
  return it;
}

// How much of the truth's probability the square takes away, for each pixel
// the mean over all squares that cover it. -> (H, W)
inline Tensor<> taken_away(const Covered& it) {
  Tensor<> taken = mean_of_squares(it.map, square);
  for (float& number : taken.data()) number = it.whole - number;
  return taken;
}

// Of the digits that are read correctly those among the first `count`, and
// all mistakes.
struct CoveredDigits {
  std::vector<Covered> right, wrong;

  // How many of the right are lost somewhere, of the wrong mended.
  int lost() const {
    return static_cast<int>(
        std::count_if(right.begin(), right.end(),
                      [](const Covered& it) { return it.lost; }));
  }
  int mended() const {
    return static_cast<int>(
        std::count_if(wrong.begin(), wrong.end(),
                      [](const Covered& it) { return it.found; }));
  }
};

inline CoveredDigits compute_covering(FastNetwork& network,
                                      const Dataset& data, int count,
                                      float grey) {
  const std::vector<int> said = predictions(evaluate(network, data));
  CoveredDigits all;
  for (int n = 0; n < data.size(); ++n) {
    const auto at = static_cast<std::size_t>(n);
    if (said[at] != data.labels[at])
      all.wrong.push_back(cover(network, data, n, grey));
    else if (n < count)
      all.right.push_back(cover(network, data, n, grey));
  }
  return all;
}

// At most `count` of each kind, those on which covering has most effect.
inline CoveredDigits most_affected(CoveredDigits all, std::size_t count) {
  auto& [right, wrong] = all;
  std::stable_sort(
      right.begin(), right.end(),
      [](const Covered& a, const Covered& b) { return a.least < b.least; });
  std::stable_sort(
      wrong.begin(), wrong.end(),
      [](const Covered& a, const Covered& b) { return a.most > b.most; });
  for (std::vector<Covered>* kind : {&right, &wrong})
    kind->resize(std::min(count, kind->size()));
  return all;
}

}  // namespace cnn
