// Numbers that are the same on every system: what the library's functions
// return may differ in its last bits from one to the next.
// Book: book/10-initialization.md
#pragma once

#include <algorithm>

namespace cnn {

// What tanh, acos and their like return, rounded to float: the same
// everywhere, but for one number in many millions.
inline double same_everywhere(double number) {
  return static_cast<double>(static_cast<float>(number));
}

// x - x^3 / 3! + x^5 / 5! - ..., or the same from 1 - x^2 / 2! on: from
// plain arithmetic, for angles of at most pi.
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

// base to the power of a whole number from 0, from products alone.
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
