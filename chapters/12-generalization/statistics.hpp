// How far to trust a number that comes from few runs, or from few digits.
// Book: book/12-generalization.md
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "05-softmax/seeds.hpp"
#include "10-initialization/same_everywhere.hpp"
#include "common/tensor/fail.hpp"

namespace cnn {

// ---- Digits ------------------------------------------------------------

// The standard error of a share that was measured on `digits` digits: the
// standard deviation of the shares that other digits of the same kind would
// have given.
//   sqrt(share (1 - share) / digits)                                (12.9)
// Throws std::invalid_argument unless 0 <= share <= 1 and digits > 0.
inline double share_error(double share, int digits) {
  if (!(share >= 0 && share <= 1) || digits < 1)
    fail(Refusal::argument,
         "share_error: expected a share of one digit or more, got " +
             std::to_string(share) + " of " + std::to_string(digits));
  return std::sqrt(share * (1 - share) / digits);
}

struct Interval {
  double low = 0, high = 1;
};

// Other pictures of the same kind would have given another share of right
// answers. Wilson's score interval (1927) holds all shares p with which
// `right` of `count` would be no surprise, because right / count is within
// z = 1.96 standard deviations of p, as in 95 % of all cases:
//
//   (right / count - p)^2 <= z^2 p (1 - p) / count
//
// Unlike right / count +- 1.96 standard errors (12.9), it stays within 0
// to 1, and it does not shrink to a point if no answer is wrong.
// Throws std::invalid_argument unless 0 <= right <= count and count > 0.
inline Interval wilson_interval(int right, int count) {
  if (count < 1 || right < 0 || right > count)
    fail(Refusal::argument,
         "wilson_interval: expected a part of at least one, got " +
             std::to_string(right) + " of " + std::to_string(count));
  constexpr double z = 1.959963984540054;
  const double n = count, share = right / n;
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double reach =
      z / (1 + z * z / n) *
      std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {std::max(middle - reach, 0.0), std::min(middle + reach, 1.0)};
}

// The largest share of mistakes with which a network would still, in 1 of
// 20 cases, make none on `digits` digits:
//   1 - 0.05^(1/digits), for many digits nearly 3 / digits          (12.13)
// Throws std::invalid_argument unless digits > 0.
inline double most_mistakes(int digits) {
  if (digits < 1)
    fail(Refusal::argument,
         "most_mistakes: expected one digit or more, got " +
             std::to_string(digits));
  return 1 - nth_root(0.05, digits);
}

// ---- Runs --------------------------------------------------------------

// The share of Student's distribution ("Student", W. S. Gosset, 1908) that
// lies between -t and t, for a whole number of degrees of freedom: the
// finite sums 26.7.3 and 26.7.4 of Abramowitz and Stegun.
// Throws std::invalid_argument unless 0 <= t < infinity and freedom > 0.
inline double student_share(double t, int freedom) {
  if (!(t >= 0) || !std::isfinite(t) || freedom < 1)
    fail(
        Refusal::argument,
        "student_share: expected a finite t of 0 or more and one degree of "
        "freedom or more, got " +
            std::to_string(t) + " and " + std::to_string(freedom));
  const double n = freedom, hypotenuse = std::sqrt(n + t * t);
  const double sine = t / hypotenuse, cosine = std::sqrt(n) / hypotenuse;
  const bool odd = freedom % 2 == 1;
  double term = odd ? cosine : 1.0, sum = 0;
  for (int k = odd ? 3 : 2; k <= freedom; k += 2) {
    sum += term;
    term *= cosine * cosine * (k - 1) / k;
  }
  if (!odd) return sine * sum;
  const double angle = same_everywhere(std::atan(t / std::sqrt(n)));
  return 2 / 3.14159265358979324 * (angle + sine * sum);
}

// The t for which `share` of Student's distribution lies between -t and t,
// found by bisection.
// Throws std::invalid_argument unless 0 <= share <= 0.9999, freedom > 0.
inline double student_t(double share, int freedom) {
  if (!(share >= 0 && share <= 0.9999))
    fail(Refusal::argument,
         "student_t: expected a share from 0 to 0.9999, got " +
             std::to_string(share));
  double low = 0, high = 1e4;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (student_share(middle, freedom) < share ? low : high) = middle;
  }
  return high;
}

// Half the width of the interval around the mean of some runs that covers
// the mean of all such runs in 95 cases of 100, if runs scatter normally:
//   t sqrt(sum (run - mean)^2 / (n - 1) / n)                        (12.10)
// with t for n - 1 degrees of freedom.
// Throws std::invalid_argument for fewer than two runs.
inline double half_width(const std::vector<double>& runs) {
  if (runs.size() < 2)
    fail(Refusal::argument, "half_width: expected two runs or more, got " +
                                std::to_string(runs.size()));
  return student_t(0.95, static_cast<int>(runs.size()) - 1) *
         seed_mean(runs).error;
}

// ---- Two networks ------------------------------------------------------

// How many digits only the first network reads right, and only the second.
struct Disagreement {
  int only_first = 0, only_second = 0;
};

// Each argument says for every digit whether that network reads it right.
// Throws std::invalid_argument unless both have the same length.
inline Disagreement disagreement(const std::vector<bool>& first_right,
                                 const std::vector<bool>& second_right) {
  if (first_right.size() != second_right.size())
    fail(Refusal::argument,
         "disagreement: expected answers to the same digits, got " +
             std::to_string(first_right.size()) + " and " +
             std::to_string(second_right.size()));
  Disagreement found;
  for (std::size_t n = 0; n < first_right.size(); ++n) {
    found.only_first += first_right[n] && !second_right[n];
    found.only_second += second_right[n] && !first_right[n];
  }
  return found;
}

// McNemar's test (1947), exact. Digits that both networks read right, or
// neither, do not say which is better. If the two were equally good, each
// of the n other digits would be a coin toss between them. Returns how
// often n coins fall at least as unequally:
//   p = 2 sum_(k <= smaller) n! / (k! (n - k)!) / 2^n, at most 1    (12.11)
// Throws std::invalid_argument for a count below 0 or above 1,000,000.
inline double mcnemar(const Disagreement& it) {
  constexpr int most = 1000000;
  const int smaller = std::min(it.only_first, it.only_second);
  if (smaller < 0 || std::max(it.only_first, it.only_second) > most)
    fail(Refusal::argument,
         "mcnemar: expected two counts from 0 to 1000000, got " +
             std::to_string(it.only_first) + " and " +
             std::to_string(it.only_second));
  const int n = it.only_first + it.only_second;
  double ways = 1, sum = 0;
  // 2^-n may be too small for a double, so `ways` and `sum` are halved
  // along the way. `halves` counts the halvings that are still to come.
  int halves = n;
  for (int k = 0; k <= smaller; ++k) {
    sum += ways;
    ways *= static_cast<double>(n - k) / (k + 1);
    for (; halves > 0 && ways > 1; --halves) ways /= 2, sum /= 2;
  }
  return std::min(1.0, 2 * sum * whole_power(0.5, halves));
}

// ---- The best of many --------------------------------------------------

// The share of the normal distribution that lies below z.
inline double normal_below(double z) {
  return same_everywhere(0.5 * std::erfc(-z * 0.70710678118654752));
}

// How many standard deviations above their mean the best of some settings
// lies, on average, if they differ by chance alone:
//   integral over z > 0 of 1 - F(z)^m - F(-z)^m                    (12.12)
// with F the share of the normal distribution below z.
// Throws std::invalid_argument unless 1 <= settings <= 1e6.
inline double luck_of_best(int settings) {
  if (settings < 1 || settings > 1000000)
    fail(Refusal::argument,
         "luck_of_best: expected from 1 to 1000000 settings, got " +
             std::to_string(settings));
  const double width = 0.01;
  double sum = 0;
  for (int i = 0; i < 900; ++i) {
    const double z = (i + 0.5) * width;
    sum += width * (1 - whole_power(normal_below(z), settings) -
                    whole_power(normal_below(-z), settings));
  }
  return std::max(0.0, sum);
}

}  // namespace cnn
