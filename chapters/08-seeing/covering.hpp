// What covering each part of a digit in turn does to the answer.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "07-speed/fast_training.hpp"
#include "08-seeing/occlusion.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

// The side of the covering square, in pixels.
inline constexpr int square = 7;

// The answers to one digit, whole and with a square at each place in turn.
struct Covered {
  int image = 0, truth = 0;
  int said = 0;                // the answer to the whole digit
  float whole = 0;             // the probability of the truth, uncovered
  float least = 2, most = -1;  // the smallest and the largest when covered
  int then = 0;                // the answer where `least` is reached
  bool lost = false;   // right when whole, wrong when covered somewhere
  bool found = false;  // the reverse
  Tensor<> map;        // the probability of the truth, from occlusion_map()
};

// Covers image number `image` with a square of the given grey.
// Throws std::invalid_argument if there is no such image, or if the
// network's scores for it are no answer, such as NaN.
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

// By how much the square lowers the probability of the truth: for each
// pixel, the mean over all squares that cover it. -> (H, W)
inline Tensor<> taken_away(const Covered& it) {
  Tensor<> taken = mean_of_squares(it.map, square);
  for (float& number : taken.data()) number = it.whole - number;
  return taken;
}

// Digits that are read correctly, and digits that are misread.
struct CoveredDigits {
  std::vector<Covered> right, wrong;

  // How many right answers are lost by covering some place, and how many
  // wrong ones are mended.
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

// Covers those of the first `count` digits that are read correctly, and all
// digits of the data set that are misread.
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

// Keeps at most `count` of each kind: those on which covering has the most
// effect, in descending order.
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
