// What rounding does to a sum: the same numbers added up in other orders,
// and a product and a sum that are rounded together.
// Book: book/18-browser.md
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// A float's 32 bits as eight hexadecimal digits: 1 is "3f800000".
inline std::string bits_text(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  std::string text;
  for (int digit = 7; digit >= 0; --digit)
    text += "0123456789abcdef"[bits >> (4 * digit) & 15u];
  return text;
}

// ---- Three numbers -----------------------------------------------------

// The same three numbers, added up from the left and from the right.
struct TwoOrders {
  float a, b, c;
  float from_the_left() const { return (a + b) + c; }
  float from_the_right() const { return a + (b + c); }
  bool agree() const { return from_the_left() == from_the_right(); }
};

// a b + c with a rounding after each of the two operations, and with one
// after both: the fused multiply-add.
struct TwoRoundings {
  float a, b, c;
  float rounded_twice() const { return a * b + c; }
  float rounded_once() const { return std::fma(a, b, c); }
};

// ---- A score -----------------------------------------------------------

// A score of a dense layer (4.1) is a bias and a sum of products. Here it
// is computed in one order or another:
// input (F_in), weight (F_in), bias -> score
using ScoreOf = float (*)(std::span<const float> input,
                          std::span<const float> weight, float bias);

inline float score_forwards(std::span<const float> input,
                            std::span<const float> weight, float bias) {
  float sum = bias;
  for (std::size_t i = 0; i < input.size(); ++i)
    sum += weight[i] * input[i];
  return sum;
}

inline float score_backwards(std::span<const float> input,
                             std::span<const float> weight, float bias) {
  float sum = bias;
  for (std::size_t i = input.size(); i-- > 0;) sum += weight[i] * input[i];
  return sum;
}

// Four sums side by side, as if they lay in a vector of four lanes. They
// are added up at the end.
inline float score_in_four_sums(std::span<const float> input,
                                std::span<const float> weight, float bias) {
  std::array<float, 4> sums = {bias, 0, 0, 0};
  for (std::size_t i = 0; i < input.size(); ++i)
    sums[i % 4] += weight[i] * input[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// The sum of the first half plus the sum of the second, and so on down.
inline float score_in_halves(std::span<const float> input,
                             std::span<const float> weight, float bias) {
  if (input.empty()) return bias;
  if (input.size() == 1) return bias + weight[0] * input[0];
  const std::size_t half = input.size() / 2;
  return score_in_halves(input.first(half), weight.first(half), bias) +
         score_in_halves(input.subspan(half), weight.subspan(half), 0.0f);
}

inline float score_fused(std::span<const float> input,
                         std::span<const float> weight, float bias) {
  float sum = bias;
  for (std::size_t i = 0; i < input.size(); ++i)
    sum = std::fma(weight[i], input[i], sum);
  return sum;
}

struct OrderOfSum {
  const char* name;
  ScoreOf score;
};

inline constexpr std::array<OrderOfSum, 5> orders_of_sum = {
    {{"first to last", score_forwards},
     {"last to first", score_backwards},
     {"four sums side by side", score_in_four_sums},
     {"halves of halves", score_in_halves},
     {"first to last, fused", score_fused}}};

// How many of their 32 bits two floats share, from the sign to the first
// that differs.
inline int bits_shared(float a, float b) {
  return std::countl_zero(std::bit_cast<std::uint32_t>(a) ^
                          std::bit_cast<std::uint32_t>(b));
}

// How far two lists of numbers are apart after a step of training.
struct Apart {
  int step = 0;
  int numbers = 0;     // that differ in any bit
  double largest = 0;  // of all differences
};

// Throws std::invalid_argument unless both have as many numbers.
inline Apart apart(int step, std::span<const float> one,
                   std::span<const float> other) {
  if (one.size() != other.size())
    fail(Refusal::argument,
         "apart: expected " + counted_text(one.size(), "number") +
             " of both networks, got " + std::to_string(other.size()));
  Apart now{step, 0, 0};
  for (std::size_t i = 0; i < one.size(); ++i) {
    now.numbers += bits_shared(one[i], other[i]) < 32;
    now.largest = std::max(
        now.largest, std::abs(static_cast<double>(one[i]) - other[i]));
  }
  return now;
}

// What changes in many scores if their sums are added in another order.
struct ChangedScores {
  int scores = 0;       // that differ in any bit
  double by_up_to = 0;  // the largest difference of two scores
  int answers = 0;      // images that get another class as answer
};

// inputs (N, F_in), weight (F_out, F_in), bias (F_out) -> (N, F_out)
inline Tensor<> scores_in_order(const Tensor<>& inputs,
                                const Tensor<>& weight,
                                const Tensor<>& bias, ScoreOf score) {
  const int N = inputs.extent(0), F_out = weight.extent(0);
  require_shape(inputs.shape(), {N, weight.extent(1)}, "scores_in_order",
                "inputs");
  Tensor<> scores({N, F_out});
  for (int n = 0; n < N; ++n)
    for (int o = 0; o < F_out; ++o)
      scores(n, o) = score(row_of(inputs, n), row_of(weight, o), bias(o));
  return scores;
}

inline ChangedScores changed_scores(const Tensor<>& before,
                                    const Tensor<>& after) {
  require_shape(after.shape(), before.shape(), "changed_scores", "after");
  const Apart now = apart(0, before.data(), after.data());
  ChangedScores changed = {now.numbers, now.largest, 0};
  const std::vector<int> was = predictions(before), is = predictions(after);
  for (std::size_t n = 0; n < was.size(); ++n)
    changed.answers += was[n] != is[n];
  return changed;
}

// The first three consecutive products of a score whose sum depends on the
// order; three zeros if there are none.
inline TwoOrders first_that_differ(std::span<const float> input,
                                   std::span<const float> weight) {
  for (std::size_t i = 0; i + 2 < input.size(); ++i) {
    const TwoOrders three = {weight[i] * input[i],
                             weight[i + 1] * input[i + 1],
                             weight[i + 2] * input[i + 2]};
    if (!three.agree()) return three;
  }
  return {0, 0, 0};
}

}  // namespace cnn
