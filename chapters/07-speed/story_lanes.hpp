// Sends one digit through the fast network in two ways: as one image of a
// vector of 16, and alone, with 16 channels in the lanes.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "01-tensor/layout.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/single_image.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

struct StoryLanes {
  Tensor<> images;  // (16, 1, 28, 28), which share a vector
  int lane = 0;     // where the digit is among them
  // Alone: what the second convolution and its ReLU make of the digit, a
  // map for each lane. (16, H, W)
  Tensor<> maps;
  std::vector<float> in_company, alone;  // the digit's logits
};

// network: of chapter 06's architecture
inline StoryLanes compute_story_lanes(FastNetwork& network,
                                      const Dataset& digits, int image) {
  constexpr int lanes = 16, second_relu = 4;
  StoryLanes story;
  story.lane = image % lanes;
  std::vector<int> company = count_up(lanes);
  for (int& n : company) n += image - story.lane;
  story.images = subset(digits, company).images;
  const Tensor<> logits = network.forward(story.images, Mode::evaluation);
  const auto own = row_of(logits, story.lane);
  story.in_company.assign(own.begin(), own.end());
  const std::vector<Tensor<>> outputs =
      network.outputs(subset(digits, std::vector{image}).images);
  story.maps = item(outputs.at(second_relu), 0);
  SingleImage single(network);
  const auto alone = single.logits(row_of(digits.images, image));
  story.alone.assign(alone.begin(), alone.end());
  return story;
}

// The largest difference between the logits of the two ways.
inline float difference_of_ways(const StoryLanes& story) {
  float largest = 0;
  for (std::size_t k = 0; k < story.alone.size(); ++k)
    largest =
        std::max(largest, std::abs(story.alone[k] - story.in_company[k]));
  return largest;
}

}  // namespace cnn
