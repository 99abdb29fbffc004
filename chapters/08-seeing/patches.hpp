// The patches that excite each filter most, and the digits they come from.
// Book: book/08-seeing.md
#pragma once

#include <vector>

#include "08-seeing/recorder.hpp"
#include "08-seeing/strongest.hpp"

namespace cnn {

// For each filter of a layer, its nine strongest answers, and the digit
// that most of them come from.
struct Patches {
  std::vector<std::vector<Answer>> answers;
  std::vector<Majority> majorities;

  // How many of the nine show that digit, on average over the filters.
  double mean_count() const {
    double sum = 0;
    for (const Majority& it : majorities) sum += it.count;
    return sum / static_cast<double>(majorities.size());
  }
};

// Throws what strongest_answers() and majority() throw.
inline Patches compute_patches(const Snapshot& snapshot,
                               const Dataset& data, std::size_t layer) {
  Patches patches{strongest_answers(*network_at(snapshot), data, layer, 9),
                  {}};
  for (const std::vector<Answer>& nine : patches.answers)
    patches.majorities.push_back(majority(nine, data));
  return patches;
}

}  // namespace cnn
