// Whole pictures in colour, for the verbs read and teach. The program looks
// for nothing in them and asks the network about the middle of each.
// Book: book/17-handwriting.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "07-speed/fast_network.hpp"
#include "15-colour/framing.hpp"
#include "16-saving/json.hpp"
#include "16-saving/network_file.hpp"
#include "17-handwriting/class_names.hpp"
#include "common/shell/terminal.hpp"
#include "common/tensor/tensor.hpp"
#include "common/tensor/utf8.hpp"

namespace cnn {

// Whether a network takes square pictures in colour.
inline bool reads_colour(const NetworkPlan& plan) {
  return plan.image.size() == 3 && plan.image[0] == 3 &&
         plan.image[1] == plan.image[2];
}

// A class, and how likely it is.
struct LikelyClass {
  std::string name;
  double probability = 0;
};

// All classes, the likeliest first. picture (3, H, W), upright
inline std::vector<LikelyClass> likely_classes(FastNetwork& network,
                                               const Tensor<>& picture,
                                               const ClassNames& names) {
  const int size = network.image()[1];
  const Tensor<> probabilities = softmax(
      network.forward(framed(picture, size).reshaped({1, 3, size, size}),
                      Mode::evaluation));
  require_answers(probabilities, "the network's answer");
  std::vector<LikelyClass> all;
  for (int k = 0; k < probabilities.extent(1); ++k)
    all.push_back({name_of_class(names, k),
                   static_cast<double>(probabilities(0, k))});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) {
                     return a.probability > b.probability;
                   });
  return all;
}

// The three likeliest:
// "beach.jpg: SeaLake 91.3 %, River 6.2 %, Pasture 1.0 %"
inline std::string likely_text(const std::string& file,
                               const std::vector<LikelyClass>& all) {
  std::string text = printable(file) + ":";
  for (std::size_t i = 0; i < std::min<std::size_t>(3, all.size()); ++i)
    text += (i == 0 ? " " : ", ") + all[i].name + " " +
            percent(all[i].probability, 1);
  return text;
}

// One line of JSON with all classes in it, without a newline.
inline std::string likely_json(const std::string& file,
                               const std::vector<LikelyClass>& all) {
  std::string classes;
  for (const LikelyClass& it : all)
    classes += (classes.empty() ? "" : ",") + json_string(it.name) + ":" +
               format("%.4f", it.probability);
  return "{\"file\":" + json_string(file) +
         ",\"answer\":" + json_string(all.front().name) +
         ",\"probabilities\":{" + classes + "}}";
}

}  // namespace cnn
