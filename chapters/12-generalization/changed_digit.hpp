// One digit, written once and seen in many ways: as it is, and as
// augmentation hands it out.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "12-generalization/augmentation.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// Picture `image` of the data as it is, then as a network learns from it in
// steps 1 to `count`. -> (count + 1, C, H, W)
// Throws std::invalid_argument if there is no such image, or for a count
// below 0.
inline Tensor<> compute_changed_digits(const Dataset& data, int image,
                                       const Augmentation& change,
                                       int count, std::uint64_t seed) {
  require_image(data, image, "compute_changed_digits");
  if (count < 0)
    fail(Refusal::argument,
         "compute_changed_digits: expected a count of 0 or more, got " +
             std::to_string(count));
  const Tensor<> one = subset(data, std::vector{image}).images;
  Tensor<> all({count + 1, one.extent(1), one.extent(2), one.extent(3)});
  std::copy(one.data().begin(), one.data().end(), row_of(all, 0).begin());
  const HandOut changed = augmented(change, seed);
  for (int step = 1; step <= count; ++step)
    changed(data, image, step, row_of(all, step));
  return all;
}

}  // namespace cnn
