// How good a network is on pictures that it never learned from, and how
// much chance is in that number.
// Book: book/16-saving.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "06-training/batches.hpp"
#include "06-training/scoring.hpp"
#include "07-speed/work.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/resuming.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

struct Interval {
  double low = 0, high = 1;
};

// Other pictures of the same kind would have given another share of right
// answers. Wilson's score interval (1927) holds the shares p for which
// `right` of `count` is no surprise, that is, within z = 1.96 standard
// deviations (95 % of all cases):
//
//   (right / count - p)^2 <= z^2 p (1 - p) / count
//
// Unlike the plain +- 1.96 deviations around right / count it stays within
// 0 to 1, and none wrong does not make it empty.
// Throws std::invalid_argument unless 0 <= right <= count and count > 0.
inline Interval wilson_interval(int right, int count) {
  if (count < 1 || right < 0 || right > count)
    fail(Refusal::argument,
         "wilson_interval: expected a part of at least one, got " +
             std::to_string(right) + " of " + std::to_string(count));
  constexpr double z = 1.959963984540054;
  const double n = count, share = right / n;
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double reach =
      z / (1 + z * z / n) *
      std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {std::max(middle - reach, 0.0), std::min(middle + reach, 1.0)};
}

struct Measurement {
  Scores scores;
  Interval interval;  // of the accuracy, 95 %
  int parameters = 0;
  double multiply_adds = 0;  // forward, for one image
};

// Asks a network of this plan about every picture of a set. Throws
// std::invalid_argument if it takes pictures of another size, or gives
// another number of scores than there are classes.
inline Measurement measure_network(Layer<>& network,
                                   const NetworkPlan& plan,
                                   const Dataset& data) {
  require_dataset(data, "measure");
  const Shape& all = data.images.shape();
  if (all.size() != 4 || Shape(all.begin() + 1, all.end()) != plan.image)
    fail(Refusal::argument,
         "measure: the network reads images " + image_text(plan.image) +
             ", but the set has images of shape " + to_string(all));
  const Tensor<> logits = logits_of(network, data.images);
  if (logits.shape() != Shape{data.size(), data.classes})
    fail(Refusal::argument,
         "measure: the set has " + std::to_string(data.classes) +
             " classes and expects as many scores an image, but the "
             "network's output is " +
             to_string(logits.shape()));
  Measurement it;
  it.scores = compute_scores(logits, data);
  it.interval = wilson_interval(it.scores.right, it.scores.images);
  it.parameters = parameter_count(network);
  it.multiply_adds =
      count_work(plan.architecture, plan.image).all_forward();
  return it;
}

// What the accuracy on the pictures that `measured` holds out may owe to
// pictures that the network has seen: a sentence, or nothing if the file
// says that it learned from the others of the same set. `name` is what the
// set was called.
inline std::string seen_before(const TensorFile& file,
                               const std::string& name,
                               const Split& measured) {
  const auto value = [&](const char* key) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? "" : found->second;
  };
  const std::string learned = value("data"), checksum = value("pictures");
  if (learned.empty())
    return "The file does not say what the network learned from, so it may "
           "have seen these pictures.";
  if (checksum.empty() ? learned == name
                       : checksum == checksum_of(measured.train))
    return "";
  const std::string begin =
      "It learned from " + json_string(learned.substr(0, 60)) +
      ", not from the training pictures of " + json_string(name);
  if (learned == "embedded" && (name == "mnist" || name == "fashion-mnist"))
    return begin + ", whose test set it has never seen.";
  return begin + ", so it may have seen these pictures.";
}

}  // namespace cnn
