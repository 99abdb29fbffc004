// Softmax turns scores into probabilities, and cross-entropy turns
// probabilities into one number that says how wrong they are: the loss.
// Book: book/05-softmax.md
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "common/tensor/fail.hpp"
#include "common/tensor/grouped.hpp"
#include "common/tensor/tensor.hpp"

namespace cnn {

// The formula as it is written: p_k = e^z_k / sum_j e^z_j.           (5.1)
// Correct for small scores, but e^89 is already too large for a float.
// logits (N, classes) -> probabilities (N, classes)
template <class T>
Tensor<T> softmax_naive(const Tensor<T>& logits) {
  require_rank(logits.shape(), 2, "softmax_naive", "logits");
  Tensor<T> probabilities(logits.shape());
  for (int n = 0; n < logits.extent(0); ++n) {
    T sum = 0;
    for (int k = 0; k < logits.extent(1); ++k) {
      probabilities(n, k) = std::exp(logits(n, k));
      sum += probabilities(n, k);
    }
    for (int k = 0; k < logits.extent(1); ++k) probabilities(n, k) /= sum;
  }
  return probabilities;
}

// Throws std::invalid_argument unless `logits` is (N, classes) and has a
// row n. `where` names the caller in the message.
template <class T>
void require_row(const Tensor<T>& logits, int n, const std::string& where) {
  require_rank(logits.shape(), 2, where, "logits");
  if (n < 0 || n >= logits.extent(0)) {
    fail(Refusal::argument, where + ": no row " + std::to_string(n) +
                                " in " + to_string(logits.shape()));
  }
}

// The largest score of image n. logits (N, classes)
// Throws std::invalid_argument if there is no image n.
template <class T>
T largest_logit(const Tensor<T>& logits, int n) {
  require_row(logits, n, "largest_logit");
  T largest = -std::numeric_limits<T>::infinity();
  for (int k = 0; k < logits.extent(1); ++k)
    largest = std::max(largest, logits(n, k));
  return largest;
}

// The same probabilities without the overflow: with the largest score
// subtracted from all of them no exponent is above 0, and the factor that
// this takes out of every e^z_k cancels in the fraction.             (5.2)
// logits (N, classes) -> probabilities (N, classes), each row sums to 1
template <class T>
Tensor<T> softmax(const Tensor<T>& logits) {
  require_rank(logits.shape(), 2, "softmax", "logits");
  Tensor<T> shifted = logits;
  for (int n = 0; n < logits.extent(0); ++n) {
    const T largest = largest_logit(logits, n);
    for (int k = 0; k < logits.extent(1); ++k) shifted(n, k) -= largest;
  }
  return softmax_naive(shifted);
}

// Throws std::invalid_argument unless there is one label for each row of
// logits, at least one row, and every label is a class.
template <class T>
void require_labels(const Tensor<T>& logits, const std::vector<int>& labels,
                    const std::string& where) {
  require_rank(logits.shape(), 2, where, "logits");
  if (labels.empty() ||
      static_cast<int>(labels.size()) != logits.extent(0)) {
    fail(Refusal::argument,
         where + ": logits " + to_string(logits.shape()) + " expect " +
             counted_text(logits.extent(0), "label") +
             " and at least one, got " + std::to_string(labels.size()));
  }
  for (const int label : labels) {
    if (label < 0 || label >= logits.extent(1)) {
      fail(Refusal::argument, where + ": expected labels from 0 to " +
                                  std::to_string(logits.extent(1) - 1) +
                                  ", got " + std::to_string(label));
    }
  }
}

// The mean over the batch of -ln p_y, where y is the true class. The
// logarithm and the exponential are taken together, so that a p_y near 0
// gives a large number and not infinity:
//   -ln p_y = ln(sum_j e^(z_j - m)) - (z_y - m)                      (5.3)
// where m is the largest score.
// logits (N, classes), labels N -> loss in nats
template <class T>
T cross_entropy(const Tensor<T>& logits, const std::vector<int>& labels) {
  require_labels(logits, labels, "cross_entropy");
  const int N = logits.extent(0), classes = logits.extent(1);
  T loss = 0;
  for (int n = 0; n < N; ++n) {
    const int y = labels[static_cast<std::size_t>(n)];
    const T m = largest_logit(logits, n);
    T sum = 0;
    for (int k = 0; k < classes; ++k) sum += std::exp(logits(n, k) - m);
    loss += std::log(sum) - (logits(n, y) - m);
  }
  return loss / static_cast<T>(N);
}

// How the loss changes with each score: (p - y) / N, where y is 1 for the
// true class and 0 for the others.                                   (5.4)
// logits (N, classes), labels N -> grad_logits (N, classes)
template <class T>
Tensor<T> cross_entropy_backward(const Tensor<T>& logits,
                                 const std::vector<int>& labels) {
  require_labels(logits, labels, "cross_entropy_backward");
  const int N = logits.extent(0);
  Tensor<T> grad_logits = softmax(logits);
  for (int n = 0; n < N; ++n)
    grad_logits(n, labels[static_cast<std::size_t>(n)]) -= 1;
  for (T& grad : grad_logits.data()) grad /= static_cast<T>(N);
  return grad_logits;
}

// What answer() returns for a row that has no largest score.
inline constexpr int no_answer = -1;

// The class with the largest score in row n, or on a tie the first of them.
// A row that is empty or holds a NaN has no largest score, so it gives
// no_answer.
// logits (N, classes) -> class
template <class T>
int answer(const Tensor<T>& logits, int n) {
  require_row(logits, n, "answer");
  int best = no_answer;
  for (int k = 0; k < logits.extent(1); ++k) {
    if (std::isnan(logits(n, k))) return no_answer;
    if (best == no_answer || logits(n, k) > logits(n, best)) best = k;
  }
  return best;
}

// The class with the largest score in row n, apart from `excluded`.
// logits (N, 2 classes or more) -> class
// Throws std::invalid_argument if there is no such row or class.
template <class T>
int runner_up(const Tensor<T>& logits, int n, int excluded) {
  require_row(logits, n, "runner_up");
  if (excluded < 0 || excluded >= logits.extent(1) || logits.extent(1) < 2)
    fail(Refusal::argument, "runner_up: no class but " +
                                std::to_string(excluded) + " in " +
                                to_string(logits.shape()));
  int best = excluded == 0 ? 1 : 0;
  for (int k = 0; k < logits.extent(1); ++k)
    if (k != excluded && logits(n, k) > logits(n, best)) best = k;
  return best;
}

// Throws std::invalid_argument if a row of scores or probabilities has no
// answer(): if it is empty or holds a NaN.
template <class T>
void require_answers(const Tensor<T>& rows, const std::string& where) {
  require_rank(rows.shape(), 2, where, "logits");
  for (int n = 0; n < rows.extent(0); ++n) {
    if (answer(rows, n) == no_answer) {
      fail(Refusal::argument,
           where + ": expected numbers, but row " + std::to_string(n) +
               " of " + to_string(rows.shape()) +
               (rows.extent(1) == 0 ? " is empty" : " holds a NaN"));
    }
  }
}

// The class with the largest score in each row, or on a tie the first of
// them.
// logits (N, classes) -> N classes
// Throws std::invalid_argument if a row is empty or holds a NaN.
template <class T>
std::vector<int> predictions(const Tensor<T>& logits) {
  require_answers(logits, "predictions");
  std::vector<int> classes;
  for (int n = 0; n < logits.extent(0); ++n)
    classes.push_back(answer(logits, n));
  return classes;
}

// The share of rows whose largest score is that of the true class, from 0
// to 1. A row that holds a NaN counts as wrong.
template <class T>
double accuracy(const Tensor<T>& logits, const std::vector<int>& labels) {
  require_labels(logits, labels, "accuracy");
  int right = 0;
  for (std::size_t n = 0; n < labels.size(); ++n)
    right += answer(logits, static_cast<int>(n)) == labels[n];
  return right / static_cast<double>(labels.size());
}

}  // namespace cnn
