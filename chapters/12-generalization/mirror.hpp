// Mirrored pictures: right for cats, wrong for digits.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "06-training/training.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/random.hpp"

namespace cnn {

// Reverses each row of W numbers, in place.
inline void mirror_rows(std::span<float> image, int W) {
  for (auto row = image.begin(); row != image.end(); row += W)
    std::reverse(row, row + W);
}

// All images (N, C, H, W) mirrored, with their labels.
inline Dataset mirrored(Dataset data) {
  mirror_rows(data.images.data(), data.images.extent(3));
  return data;
}

// A HandOut that mirrors a picture in half of the steps, by the toss of a
// coin that depends only on the seed, the step and the picture.
inline HandOut half_mirrored(std::uint64_t seed) {
  return [seed](const Dataset& data, int image, int step,
                std::span<float> room) -> std::span<const float> {
    Random random = random_of_image(seed, step, image);
    const auto pixels = pixels_of(data, image, room);
    if (random.below(2) == 0) return pixels;
    if (pixels.data() != room.data())
      std::copy(pixels.begin(), pixels.end(), room.begin());
    mirror_rows(room, data.images.extent(3));
    return room;
  };
}

}  // namespace cnn
