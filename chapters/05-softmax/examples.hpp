// Three scores and what becomes of them: probabilities, ratios, the cost of
// each possible truth.
// Book: book/05-softmax.md
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "05-softmax/softmax.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The scores that most of this chapter's numbers come from. (1, 3)
inline Tensor<> example_logits() {
  return Tensor<>({1, 3}, {2, 1, -1});
}

// What the three scores stand for.
inline const std::vector<std::string>& example_classes() {
  static const std::vector<std::string> names = {"A", "B", "C"};
  return names;
}

// Every score times a factor, plus a constant.
inline Tensor<> changed(Tensor<> logits, float factor, float plus) {
  for (float& z : logits.data()) z = z * factor + plus;
  return logits;
}

// ---- Scores to probabilities -------------------------------------------

// A table with a row per class and the sum of each column: the score z, its
// share of the sum of all scores, e^z, and the probability p.
struct ScoreTable {
  struct Row {
    float z = 0, share = 0, exponential = 0, p = 0;
  };
  std::vector<Row> rows;
  Row sum;
};

// logits (1, classes)
inline ScoreTable compute_score_table(const Tensor<>& logits) {
  const Tensor<> p = softmax_naive(logits);
  ScoreTable table;
  float sum_z = 0;
  for (const float z : logits.data()) sum_z += z;
  for (int k = 0; k < logits.extent(1); ++k) {
    const float z = logits(0, k);
    const ScoreTable::Row row{z, z / sum_z, std::exp(z), p(0, k)};
    table.rows.push_back(row);
    table.sum.z += row.z;
    table.sum.share += row.share;
    table.sum.exponential += row.exponential;
    table.sum.p += row.p;
  }
  return table;
}

// Two classes a and b: the difference of their scores, e to that
// difference, and the ratio of their probabilities.
struct PairRatio {
  int a = 0, b = 0;
  float difference = 0, exponential = 0, ratio = 0;
};

// logits (1, classes)
inline PairRatio compute_ratio(const Tensor<>& logits, int a, int b) {
  const Tensor<> p = softmax_naive(logits);
  const float difference = logits(0, a) - logits(0, b);
  return {a, b, difference, std::exp(difference), p(0, a) / p(0, b)};
}

// ---- Temperature and shift ---------------------------------------------

// Softmax of the scores divided by each temperature.
// logits (1, classes) -> a tensor (1, classes) for each
inline std::vector<Tensor<>> at_temperatures(
    const Tensor<>& logits, const std::vector<float>& temperatures) {
  std::vector<Tensor<>> probabilities;
  for (const float T : temperatures)
    probabilities.push_back(softmax(changed(logits, 1 / T, 0)));
  return probabilities;
}

// The largest number of a row minus the smallest. row (1, classes)
inline float spread(const Tensor<>& row) {
  float least = row(0, 0), most = row(0, 0);
  for (const float number : row.data()) {
    least = std::min(least, number);
    most = std::max(most, number);
  }
  return most - least;
}

// Whether each row is more even than the one before it, while its numbers
// keep their order.
inline bool levels_out(const std::vector<Tensor<>>& rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!(spread(rows[i]) < spread(rows[i - 1]))) return false;
    for (int a = 0; a < rows[i].extent(1); ++a)
      for (int b = 0; b < rows[i].extent(1); ++b)
        if ((rows[i](0, a) > rows[i](0, b)) !=
            (rows[0](0, a) > rows[0](0, b)))
          return false;
  }
  return true;
}

// Softmax of the scores with one number added to all of them, and the
// largest change of a probability that this makes.
struct ShiftedScores {
  float added = 0;
  Tensor<> p;  // (1, classes)
  float change = 0;
};

inline std::vector<ShiftedScores> compute_shifts(
    const Tensor<>& logits, const std::vector<float>& added) {
  const Tensor<> p = softmax(logits);
  std::vector<ShiftedScores> all;
  for (const float c : added) {
    const Tensor<> moved = softmax(changed(logits, 1, c));
    all.push_back({c, moved, max_abs_difference(p, moved)});
  }
  return all;
}

// ---- Cross-entropy -----------------------------------------------------

// What it costs if one class is the truth: its probability, minus the
// logarithm of that, and cross_entropy().
struct Cost {
  float p = 0, minus_ln = 0, cross_entropy = 0;
};

// logits (1, classes), the true class
inline Cost cost_of(const Tensor<>& logits, int truth) {
  const float p = softmax(logits)(0, truth);
  return {p, -std::log(p), cross_entropy(logits, {truth})};
}

// The loss of a row of scores, computed in three ways: as -ln of either
// softmax, and with exponential and logarithm taken together.
struct ThreeLosses {
  float naive = 0, stable = 0, together = 0;
};

inline ThreeLosses compute_three_losses(const Tensor<>& logits, int truth) {
  return {-std::log(softmax_naive(logits)(0, truth)),
          -std::log(softmax(logits)(0, truth)),
          cross_entropy(logits, {truth})};
}

}  // namespace cnn
