// One digit on two ways through the fast network: as one image of a vector
// of 16, and alone, with 16 channels in the lanes.
// Book: book/07-speed.md
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "01-tensor/layout.hpp"
#include "07-speed/fast_training.hpp"
#include "07-speed/single_image.hpp"
#include "common/data/dataset.hpp"

namespace cnn {

struct StoryLanes {
  Tensor<> images;  // (16, 1, 28, 28): those that share a vector
  int lane = 0;     // where the digit is among them
  // Alone: what the second convolution and its ReLU make of it, a map for
  // each lane. (16, H, W)
  Tensor<> maps;
  std::vector<float> in_company, alone;  // its logits
};

// The output of the first `layers` layers for one image alone, in reading
// order. image (C, H, W)
inline std::vector<float> alone_after(FastNetwork& network,
                                      const Architecture& architecture,
                                      int layers, const Tensor<>& image) {
  FastNetwork front(
      Architecture(architecture.begin(), architecture.begin() + layers),
      image.shape(), {.threads = 1, .isa = network.kernels().name});
  const auto all = network.parameters(), used = front.parameters();
  for (std::size_t p = 0; p < used.size(); ++p)
    used[p]->value = all[p]->value;
  SingleImage single(front);
  const std::span<const float> numbers = single.logits(image.data());
  return {numbers.begin(), numbers.end()};
}

// network: of chapter 06's architecture
inline StoryLanes compute_story_lanes(FastNetwork& network,
                                      const Dataset& digits, int image) {
  constexpr int lanes = 16, until_second_relu = 5;
  StoryLanes story;
  story.lane = image % lanes;
  std::vector<int> company = count_up(lanes);
  for (int& n : company) n += image - story.lane;
  story.images = subset(digits, company).images;
  const Tensor<> logits = network.forward(story.images, Mode::evaluation);
  const auto own = row_of(logits, story.lane);
  story.in_company.assign(own.begin(), own.end());
  const Tensor<> digit = item(digits.images, image);
  story.alone = alone_after(network, digit_network,
                            static_cast<int>(digit_network.size()), digit);
  const Shape shape =
      network.outputs(subset(digits, std::vector{image}).images)
          .at(until_second_relu - 1)
          .shape();
  story.maps = Tensor<>({shape.begin() + 1, shape.end()});
  const std::vector<float> maps =
      alone_after(network, digit_network, until_second_relu, digit);
  std::copy(maps.begin(), maps.end(), story.maps.data().begin());
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
