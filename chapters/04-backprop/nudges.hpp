// How large a nudge should be: on a curve whose slope is known, the errors
// of a slope that is measured with smaller and smaller nudges.
// Book: book/04-backprop.md
#pragma once

#include <cmath>
#include <vector>

namespace cnn {

// The errors of a measured slope: L(w) = w^3 has slope 3 at w = 1.
struct NudgeErrors {
  double h = 0;          // size of the nudge
  double one_way = 0;    // of (L(1 + h) - L(1)) / h
  double both_ways = 0;  // of (L(1 + h) - L(1 - h)) / 2h
};

// For `count` nudges: h = 0.1, 0.01 and so on.
inline std::vector<NudgeErrors> compute_nudge_errors(int count) {
  const auto cube = [](double w) { return w * w * w; };
  std::vector<NudgeErrors> errors;
  double power = 1;
  for (int i = 0; i < count; ++i) {
    power *= 10;
    const double h = 1 / power;
    const double one = (cube(1 + h) - cube(1)) / h;
    const double both = (cube(1 + h) - cube(1 - h)) / (2 * h);
    errors.push_back({h, std::abs(one - 3), std::abs(both - 3)});
  }
  return errors;
}

}  // namespace cnn
