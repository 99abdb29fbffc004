// Digits with their pixels in another order: what a nearest neighbour still
// finds, and what it never notices.
// Book: book/01-tensor.md
#pragma once

#include <cstdint>
#include <vector>

#include "01-tensor/layout.hpp"
#include "01-tensor/neighbours.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The share of the asked images whose nearest known image has the same
// label. nearest: for each asked image, the index of a known one
inline double nearest_accuracy(const Dataset& asked, const Dataset& known,
                               const std::vector<int>& nearest) {
  if (asked.size() == 0 || static_cast<int>(nearest.size()) != asked.size())
    fail(Refusal::argument,
         "nearest_accuracy: expected one image or more and a neighbour for "
         "each, got " +
             counted_text(asked.size(), "image") + " and " +
             std::to_string(nearest.size()));
  int right = 0;
  for (std::size_t n = 0; n < nearest.size(); ++n)
    right += asked.labels[n] ==
             known.labels.at(static_cast<std::size_t>(nearest[n]));
  return static_cast<double>(right) / asked.size();
}

// What is found with the pixels in one order.
struct PixelOrder {
  std::vector<int> nearest;  // for each asked image, a known one
  double accuracy = 0, neighbour_difference = 0;
};

struct PermutationStudy {
  Tensor<> known_after;  // the known images, permuted
  PixelOrder before, after;
  int asked = 0, known = 0;
  int same_neighbour = 0;  // asked images that keep their neighbour

  // Sums in another order differ by rounding, which may decide near ties.
  bool flat_vector_sees_no_difference() const {
    return same_neighbour >= 0.98 * asked;
  }
};

// Reads `asked` by its nearest neighbours in `known`, before and after a
// permutation of the pixels, drawn by the seed. images (N, C, H, W)
inline PermutationStudy study_permutation(const Dataset& asked,
                                          const Dataset& known,
                                          std::uint64_t seed) {
  const int pixels = known.images.extent(2) * known.images.extent(3);
  const std::vector<int> order = pixel_permutation(pixels, seed);
  const auto measure = [&](const Tensor<>& images, const Tensor<>& among) {
    PixelOrder result;
    result.nearest = nearest_neighbours(images, among);
    result.accuracy = nearest_accuracy(asked, known, result.nearest);
    result.neighbour_difference = neighbour_difference(images);
    return result;
  };
  PermutationStudy study;
  study.asked = asked.size();
  study.known = known.size();
  study.known_after = permute_pixels(known.images, order);
  study.before = measure(asked.images, known.images);
  study.after =
      measure(permute_pixels(asked.images, order), study.known_after);
  for (std::size_t n = 0; n < study.before.nearest.size(); ++n)
    study.same_neighbour +=
        study.before.nearest[n] == study.after.nearest[n];
  return study;
}

}  // namespace cnn
