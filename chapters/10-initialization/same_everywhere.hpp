// Numbers that are the same on every system, although the results of the
// library's functions may differ in their last bits from one to the next.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>

namespace cnn {

// Rounds a result of tanh, acos or the like to float. It is then the same
// everywhere, except for one number in many millions.
inline double same_everywhere(double number) {
  return static_cast<double>(static_cast<float>(number));
}

// The series of the sine, x - x^3 / 3! + x^5 / 5! - ..., if `first` is 1,
// and of the cosine, 1 - x^2 / 2! + ..., if it is 0. By plain arithmetic,
// for angles of at most pi.
inline double power_series(double x, int first) {
  double term = first == 1 ? x : 1.0, sum = 0.0;
  for (int n = first; n < 24; n += 2) {
    sum += term;
    term *= -(x * x) / ((n + 1) * (n + 2));
  }
  return sum;
}
inline double sine_of(double angle) {
  return power_series(angle, 1);
}
inline double cosine_of(double angle) {
  return power_series(angle, 0);
}

// `base` to the power of a whole number of 0 or more, by products alone.
inline double whole_power(double base, int exponent) {
  double power = 1.0;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1) power *= base;
  return power;
}

// The n-th root of a number of 0 or more, by Newton's method from above.
inline double nth_root(double number, int n) {
  if (!(number > 0)) return number;
  double root = std::max(1.0, number);
  for (;;) {
    const double next =
        root - (root - number / whole_power(root, n - 1)) / n;
    if (!(next < root)) return root;
    root = next;
  }
}

}  // namespace cnn
