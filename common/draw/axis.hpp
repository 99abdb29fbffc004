// The axes of plots: which numbers they span, where each number stands, and
// which are written.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "common/draw/text.hpp"

namespace cnn::plots {

constexpr int most_y_ticks = 6;  // or one more: see Axis::ticks()

// Whether a number has a place on an axis. It must be finite, and so small
// that differences and quotients do not overflow; on a log axis, above 0.
bool is_drawable(double value, bool log = false);

bool is_whole(double value);

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

struct Axis {
  Range range;
  bool log = false;
  bool whole = false;         // ticks at whole numbers only
  double start = 0, end = 0;  // the pixels of range.low and range.high

  double pixel(double value) const;
  bool contains(double value) const;
  // Ticks at multiples of 1, 2 or 5 x 10^k, of at least 1 if `whole`; there
  // are up to `at_most` + 1. On a log axis at decades, and over few of them
  // also at 2 and 5 times each, so that there can be more.
  std::vector<double> ticks(int at_most) const;
};

// The ticks' numbers, with as many digits as it takes to tell neighbours
// apart; large whole numbers are in groups of three: "1,000,000".
Strings tick_texts(const std::vector<double>& ticks);

// The ends of an axis that the caller asks for.
struct Limits {
  std::optional<double> low, high;
};
// What an axis shows: these limits, or the data's where there are none, the
// latter rounded outwards if `round`.
Range range_of(Range data, Limits limits, bool log, bool round);

// Refuses limits that cannot be drawn, or whose `low` is not below `high`.
// name: "x" or "y", for the error.
void require_limits(const std::string& plot, const std::string& name,
                    Limits limits, bool log = false);

}  // namespace cnn::plots
