// One digit, as the network saw it at every recorded step.
// Book: book/08-seeing.md
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "02-convolution/pictures.hpp"
#include "04-backprop/kernel_descent.hpp"
#include "08-seeing/recorder.hpp"
#include "common/data/dataset.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// The first image with this label. -> (H, W)
// Throws std::runtime_error if there is none.
inline Tensor<> first_of(const Dataset& data, int label) {
  const auto n = first_index_of(data.labels, label);
  if (!n)
    fail(Refusal::runtime,
         "expected a held-out " + std::to_string(label) + ", found none");
  return picture_of(data.images, *n);
}

// For each snapshot, its step and the outputs of all layers for one digit:
// (1, C, H, W), or (1, F) once they are flat.
using Seen = std::vector<std::pair<int, std::vector<Tensor<>>>>;

// digit (H, W)
inline Seen compute_seen(const std::vector<Snapshot>& snapshots,
                         const Tensor<>& digit) {
  Seen seen;
  for (const Snapshot& it : snapshots)
    seen.push_back({it.step, network_at(it)->outputs(as_batch(digit))});
  return seen;
}

}  // namespace cnn
