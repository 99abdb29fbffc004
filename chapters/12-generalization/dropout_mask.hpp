// Which cells a dropout layer drops. A generator would have to be asked in
// order. Our rule answers for any cell of any image at any time, so that
// any number of threads drops the same cells.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"

namespace cnn {

// A hash: each bit of the result depends on every bit of the word. It is
// the mixing of splitmix64 (Steele, Lea and Flood, "Fast Splittable
// Pseudorandom Number Generators", 2014).
constexpr std::uint64_t scrambled(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
  return word ^ (word >> 31);
}

// Throws std::invalid_argument unless p is 0 or more and below 1.
inline void require_dropout(double p) {
  if (!(p >= 0 && p < 1))
    fail(Refusal::argument,
         "Dropout: expected p from 0 to below 1, got " + short_text(p));
}

// What each cell of a batch is multiplied by in one training step: 0 with
// probability p, else 1 / (1 - p), so that the factor's mean is 1. A p
// above 1 - 2^-24 counts as 1 - 2^-24, the largest that 24 bits can hold.
class DropoutMask {
 public:
  DropoutMask(double p, std::uint64_t seed, int step)
      : kept_(1 / (1 - nearest(p))),
        limit_(static_cast<std::uint64_t>(std::ceil(nearest(p) * 0x1p24))),
        key_(scrambled(scrambled(seed) + static_cast<unsigned>(step))) {}

  // What factor() takes for the image that is number n of its batch.
  std::uint64_t of_image(int n) const {
    return scrambled(key_ + static_cast<unsigned>(n));
  }
  // The factor of cell number `cell` of the image with hash `image`. 24
  // bits of a hash are below p 2^24 with probability p.
  template <class T>
  T factor(std::uint64_t image, int cell) const {
    const std::uint64_t hash =
        scrambled(image + static_cast<unsigned>(cell));
    return (hash >> 40) < limit_ ? T{0} : static_cast<T>(kept_);
  }

 private:
  static double nearest(double p) {
    require_dropout(p);  // before limit_ is computed from it
    return std::min(p, 1 - 0x1p-24);
  }
  double kept_;
  std::uint64_t limit_, key_;
};

}  // namespace cnn
