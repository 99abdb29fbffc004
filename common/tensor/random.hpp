// Random numbers that are the same on every machine. The standard library's
// engines are portable but its distributions are not, so the distributions
// here are our own and use only operations that IEEE 754 defines to the
// bit.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/fail.hpp"

namespace cnn {

// xoshiro256** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number
// Generators", 2018), its state filled by splitmix64 from one seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15u;
      std::uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
      word = mixed ^ (mixed >> 31);
    }
  }

  // 64 random bits.
  std::uint64_t bits() {
    const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate_left(state_[3], 45);
    return result;
  }

  // Uniform in [0, 1), a multiple of 2^-24: every value is exact in a
  // float.
  float uniform() { return static_cast<float>(bits() >> 40) * 0x1.0p-24f; }

  // Uniform in [low, high).
  float uniform(float low, float high) {
    const float number = low + (high - low) * uniform();
    return number < high ? number : low;
  }

  // A whole number from 0 to count - 1, each equally likely.
  // Throws std::invalid_argument unless count is positive.
  int below(int count) {
    if (count <= 0) {
      fail(Refusal::argument, "below: expected a positive count, got " +
                                  std::to_string(count));
    }
    const auto range = static_cast<std::uint64_t>(count);
    // The remainders are equally likely only if the number of accepted
    // draws is a multiple of `range`: reject those below 2^64 mod range.
    const std::uint64_t unfair = (0 - range) % range;
    std::uint64_t drawn = bits();
    while (drawn < unfair) drawn = bits();
    return static_cast<int>(drawn % range);
  }

  // Normally distributed, mean 0 and standard deviation 1: Marsaglia's
  // polar method (1964). A point in the unit disc gives two numbers; the
  // second is kept for the next call.
  float normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    double u = 0, v = 0, square = 0;
    do {
      u = 2.0 * static_cast<double>(uniform()) - 1.0;
      v = 2.0 * static_cast<double>(uniform()) - 1.0;
      square = u * u + v * v;
    } while (square >= 1.0 || square == 0.0);
    const double scale = std::sqrt(-2.0 * logarithm(square) / square);
    spare_ = static_cast<float>(v * scale);
    has_spare_ = true;
    return static_cast<float>(u * scale);
  }

  // Shuffles in place, every order equally likely (Fisher and Yates).
  template <class Item>
  void shuffle(std::vector<Item>& items) {
    for (int last = static_cast<int>(items.size()) - 1; last > 0; --last) {
      std::swap(items[static_cast<std::size_t>(last)],
                items[static_cast<std::size_t>(below(last + 1))]);
    }
  }

  // The numbers 0 to count - 1 in random order.
  // Throws std::invalid_argument for a negative count.
  std::vector<int> permutation(int count) {
    if (count < 0) {
      fail(Refusal::argument,
           "permutation: expected a count of 0 or more, got " +
               std::to_string(count));
    }
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    shuffle(order);
    return order;
  }

 private:
  static std::uint64_t rotate_left(std::uint64_t word, int by) {
    return (word << by) | (word >> (64 - by));
  }

  // The natural logarithm of x > 0 from plain arithmetic, because std::log
  // differs in the last bit between libraries. With x = m 2^e and
  // r = (m - 1) / (m + 1): ln x = e ln 2 + 2 (r + r^3 / 3 + r^5 / 5 + ...).
  static double logarithm(double x) {
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);  // in [1/2, 1)
    const double r = (mantissa - 1.0) / (mantissa + 1.0);
    double power = r, sum = 0.0;
    for (int n = 1; n < 40; n += 2) {
      sum += power / n;
      power *= r * r;
    }
    return exponent * 0.69314718055994531 + 2.0 * sum;
  }

  std::uint64_t state_[4];
  bool has_spare_ = false;
  float spare_ = 0.0f;
};

}  // namespace cnn
