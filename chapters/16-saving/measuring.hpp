// How good a network is on pictures that it never learned from, and how
// uncertain that number is.
// Book: book/16-saving.md
#pragma once

#include <string>

#include "06-training/batches.hpp"
#include "06-training/scoring.hpp"
#include "07-speed/work.hpp"
#include "12-generalization/statistics.hpp"
#include "16-saving/network_file.hpp"
#include "16-saving/resuming.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

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
         "measure: the set has " +
             counted_text(data.classes, "class", "classes") +
             " and expects as many scores an image, but the network's "
             "output is " +
             to_string(logits.shape()));
  Measurement it;
  it.scores = compute_scores(logits, data);
  it.interval = wilson_interval(it.scores.right, it.scores.images);
  it.parameters = parameter_count(network);
  it.multiply_adds =
      count_work(plan.architecture, plan.image).all_forward();
  return it;
}

// A sentence on whether the network may have seen the pictures that
// `measured` holds out; "" if the file says that it learned from the
// training pictures of the same set. `name`: what the user called the set.
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
