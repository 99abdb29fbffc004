// The mistake that a reader is most likely to make.
#pragma once

#include <cmath>
#include <vector>

namespace cnn {

struct ErrorBar {
  double mean = 0, deviation = 0, half_width = 0;
};

// Divides by n. The mean was computed from the same runs, so they scatter
// too little around it, and the deviation comes out too small.
inline ErrorBar error_bar(const std::vector<double>& runs, double t) {
  const auto n = static_cast<double>(runs.size());
  ErrorBar bar;
  for (const double run : runs) bar.mean += run / n;
  double squares = 0;
  for (const double run : runs)
    squares += (run - bar.mean) * (run - bar.mean);
  bar.deviation = std::sqrt(squares / n);
  bar.half_width = t * bar.deviation / std::sqrt(n);
  return bar;
}

}  // namespace cnn
